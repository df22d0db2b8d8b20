"""A terminal whose keys arrive one by one, and which is left as it was found."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Final, Self

HIDE_CURSOR: Final = "\x1b[?25l"
SHOW_CURSOR: Final = "\x1b[?25h"
_STOPS: Final = (signal.SIGTERM, signal.SIGHUP)


class Terminal:
    """Standard input and output of a person; a context manager.

    Inside, keys are not echoed and need no Return; Ctrl-C, Ctrl-Z and Ctrl-S work as ever. SIGTERM
    and SIGHUP end the block as Ctrl-C does, so that the terminal is restored on every way out.
    """

    def __init__(self) -> None:
        self._input = sys.stdin.fileno()
        self._saved: list[Any] = []
        self._handlers: dict[signal.Signals, Any] = {}
        self._wake_read, self._wake_write = -1, -1
        self.on_leave: Callable[[], None] = lambda: None
        """Called before the terminal is given back, also by Ctrl-Z: wipe the bar here."""
        self.on_return: Callable[[], None] = lambda: None
        """Called when the terminal is ours again after Ctrl-Z."""

    def __enter__(self) -> Self:
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self._saved = termios.tcgetattr(self._input)
        for number in _STOPS:
            self._handlers[number] = signal.signal(number, _stop)
        self._handlers[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, self._suspend)
        self._take()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # The terminal may be gone (SIGHUP); the rest of the way out must happen all the same.
        with contextlib.suppress(OSError, termios.error):
            self._give_back()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._wake_read)
        os.close(self._wake_write)

    def key(self, seconds: float) -> str:
        """Wait up to ``seconds`` for a key; ``""`` when none came or ``wake`` was called.

        Pasted text and escape sequences are no keys: a paste must never submit.

        Raises EOFError when the terminal is gone.
        """
        ready, _, _ = select.select([self._input, self._wake_read], [], [], seconds)
        if self._wake_read in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake_read, 4096)
        if self._input not in ready:
            return ""
        data = os.read(self._input, 4096)
        if not data:
            raise EOFError("the terminal was closed")
        text = data.decode(errors="replace")
        return text[0] if len(set(text)) == 1 and text.isprintable() else ""

    def wake(self) -> None:
        """Make ``key`` return at once. May be called from another thread."""
        # A full pipe wakes as well; a closed one has nobody left to wake.
        with contextlib.suppress(BlockingIOError, OSError):
            os.write(self._wake_write, b"!")

    def write(self, text: str) -> None:
        """Write at once."""
        sys.stdout.write(text)
        sys.stdout.flush()

    @property
    def columns(self) -> int:
        """How wide the terminal is now."""
        with contextlib.suppress(OSError):
            return os.get_terminal_size(sys.stdout.fileno()).columns or 80
        return 80

    def _take(self) -> None:
        tty.setcbreak(self._input, termios.TCSANOW)
        self.write(HIDE_CURSOR)

    def _give_back(self) -> None:
        self.on_leave()
        self.write(SHOW_CURSOR)
        # What was typed ahead was meant for us, not for the shell.
        termios.tcflush(self._input, termios.TCIFLUSH)
        termios.tcsetattr(self._input, termios.TCSANOW, self._saved)

    def _suspend(self, _number: int, _frame: FrameType | None) -> None:
        """Ctrl-Z: leave the terminal as it was, stop, and take it again when continued."""
        self._give_back()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._suspend)
        self._take()
        self.on_return()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
