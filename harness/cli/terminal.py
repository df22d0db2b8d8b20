"""A terminal whose keys arrive one by one, with a bar that always stays below the output.

No alternate buffer: everything printed stays in the terminal's scrollback. The bar is wiped before
and drawn after each output, in one write, so that it does not flicker.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import sys
import termios
import tty
from collections.abc import Sequence
from types import FrameType, TracebackType
from typing import Any, Final, Self

HIDE_CURSOR: Final = "\x1b[?25l"
SHOW_CURSOR: Final = "\x1b[?25h"
_STOPS: Final = (signal.SIGTERM, signal.SIGHUP)
_STYLE: Final = re.compile(r"\x1b\[[0-9;]*m")


class Terminal:
    """Standard input and output of a person, left as they were found; a context manager.

    Inside, keys are not echoed and need no Return; Ctrl-C, Ctrl-Z and Ctrl-S work as ever. SIGTERM
    and SIGHUP end the block as Ctrl-C does, so that the terminal is restored on every way out.
    Nothing else may write to standard output meanwhile.
    """

    def __init__(self) -> None:
        self._input = 0
        self._saved: list[Any] = []
        self._handlers: dict[signal.Signals, Any] = {}
        self._wake_read, self._wake_write = -1, -1
        self._bar: list[str] = []
        self._drawn: list[int] = []
        """The lengths of the bar's lines on the screen; empty when it is not drawn."""

    def __enter__(self) -> Self:
        self._input = sys.stdin.fileno()
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
        # A full pipe wakes as well; with a closed one there is nothing left to wake.
        with contextlib.suppress(BlockingIOError, OSError):
            os.write(self._wake_write, b"!")

    @property
    def columns(self) -> int:
        """How wide the terminal is now."""
        with contextlib.suppress(OSError):
            return os.get_terminal_size(sys.stdout.fileno()).columns or 80
        return 80

    def print(self, text: str) -> None:
        """Write ``text`` above the bar."""
        self.write(self._wiped() + text.rstrip("\n") + "\n" + self._drawn_bar())

    def show_bar(self, lines: Sequence[str]) -> None:
        """Replace the bar, when it changed."""
        if list(lines) != self._bar or not self._drawn:
            wiped = self._wiped()
            self._bar = list(lines)
            self.write(wiped + self._drawn_bar())

    def write(self, text: str) -> None:
        """Write at once, wherever the cursor is."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def _drawn_bar(self) -> str:
        if not self._bar:
            return ""
        # The blank line keeps the bar apart from the output; it is part of the bar.
        self._drawn = [0, *(len(_STYLE.sub("", line)) for line in self._bar)]
        return "\n" + "\n".join(self._bar)

    def _wiped(self) -> str:
        """Return what moves to the bar's first line and clears all below."""
        if not self._drawn:
            return ""
        # A terminal that became narrower has wrapped the old bar onto more rows.
        columns = max(self.columns, 1)
        rows = sum(max(1, -(-length // columns)) for length in self._drawn)
        self._drawn = []
        up = f"\x1b[{rows - 1}A" if rows > 1 else ""
        return f"\r{up}\x1b[J"

    def _take(self) -> None:
        tty.setcbreak(self._input, termios.TCSANOW)
        self.write(HIDE_CURSOR)

    def _give_back(self) -> None:
        self.write(self._wiped() + SHOW_CURSOR)
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
        self.write(self._drawn_bar())


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
