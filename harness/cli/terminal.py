"""A terminal whose keys arrive one by one, with a bar that always stays below the output.

Everything printed stays in the terminal's scrollback. The bar is wiped before and drawn after
each output, in one write, so that it does not flicker. Only a page that is longer than the screen
is read in the alternate buffer; what is printed meanwhile comes when it is closed.
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
from collections import deque
from collections.abc import Sequence
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from harness.cli.keyboard import LEAVE_PASTES, MARK_PASTES, Keyboard, marks_pastes

if TYPE_CHECKING:
    from harness.cli.pager import Pager

HIDE_CURSOR: Final = "\x1b[?25l"
SHOW_CURSOR: Final = "\x1b[?25h"
OPEN_PAGE: Final = "\x1b[?1049h\x1b[2J"
CLOSE_PAGE: Final = "\x1b[H\x1b[2J\x1b[?1049l\r"
_STOPS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_ESCAPE_SECONDS: Final = 0.05
"""How long the rest of an escape sequence may take to arrive."""
_STYLE: Final = re.compile(r"\x1b\[[0-9;]*m")


class Terminal:
    """Standard input and output of a person, left as they were found; a context manager.

    Inside, keys are not echoed and need no Return; Ctrl-C, Ctrl-Z and Ctrl-S work as ever. SIGTERM,
    SIGHUP and SIGQUIT end the block as Ctrl-C does, so that the terminal is restored on every way
    out.
    Nothing else may write to standard output meanwhile.
    """

    def __init__(self) -> None:
        self._input = 0
        self._saved: list[Any] = []
        self._handlers: dict[signal.Signals, Any] = {}
        self._wake_read, self._wake_write = -1, -1
        self._keyboard = Keyboard(marks_pastes=marks_pastes(os.environ))
        self._keys: deque[str] = deque()
        """Those that arrived together with the last one."""
        self._bar: list[str] = []
        self._drawn: list[int] = []
        """The lengths of the bar's lines on the screen; empty when it is not drawn."""
        self._page: Pager | None = None
        self._page_size = (0, 0)
        self._held = ""
        """What was printed while a page is open."""
        self._last = ""
        """What was printed last."""

    def __enter__(self) -> Self:
        self._input = sys.stdin.fileno()
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self._saved = termios.tcgetattr(self._input)
        for number in _STOPS:
            self._handlers[number] = signal.signal(number, _stop)
        self._handlers[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, self._suspend)
        try:
            self._take()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number in self._handlers:
            signal.signal(number, signal.SIG_IGN)
        # The terminal may be gone (SIGHUP); the rest of the way out must happen all the same.
        with contextlib.suppress(OSError, termios.error):
            self._give_back()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._wake_read)
        os.close(self._wake_write)

    def key(self, seconds: float) -> str:
        """Wait up to ``seconds`` for a key; ``""`` when none came or ``wake`` was called.

        Raises EOFError when the terminal is gone.
        """
        if not self._keys:
            self._keys.extend(self._read_keys(seconds))
        return self._keys.popleft() if self._keys else ""

    def _read_keys(self, seconds: float) -> list[str]:
        ready, _, _ = select.select([self._input, self._wake_read], [], [], seconds)
        if self._wake_read in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake_read, 4096)
        keys = []
        while self._input in ready:
            data = os.read(self._input, 4096)
            if not data:
                raise EOFError("the terminal was closed")
            keys += self._keyboard.read(data.decode(errors="replace"))
            if not self._keyboard.is_waiting:
                return keys
            ready, _, _ = select.select([self._input], [], [], _ESCAPE_SECONDS)
        return keys + self._keyboard.read_rest()

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

    @property
    def rows(self) -> int:
        """How high the terminal is now."""
        with contextlib.suppress(OSError):
            return os.get_terminal_size(sys.stdout.fileno()).lines or 24
        return 24

    def print(self, text: str) -> None:
        """Write ``text`` above the bar, once no page is open."""
        if self._page is not None:
            self._held += text.rstrip("\n") + "\n"
            return
        self._last = text
        self.write(self._wiped() + text.rstrip("\n") + "\n" + self._drawn_bar())

    def open_page(self, page: Pager) -> bool:
        """Show ``page``; return whether it takes keys. What fits on the screen is printed."""
        if page.fits(self.columns, self._page_rows()):
            self.print("\n" + "\n".join(page.lines))
            return False
        self.close_page()
        self.write(self._wiped() + OPEN_PAGE)
        self._page = page
        self._draw_page()
        return True

    def turn_page(self, key: str) -> bool:
        """Move in the open page by ``key``; return whether it is still open."""
        if self._page is None:
            return False
        if not self._page.turn(key, self._page_rows()):
            self.close_page()
            return False
        self._draw_page()
        return True

    def close_page(self) -> None:
        """Close the open page, if there is one, and show what was printed meanwhile."""
        if self._page is None:
            return
        self._page, held, self._held = None, self._held, ""
        self.write(CLOSE_PAGE)
        if held:
            self.print(held)
        else:
            self.write(self._drawn_bar())

    def redraw(self) -> None:
        """Clear the screen; show the page, or what was printed last, and the bar again."""
        self._drawn = []
        self.write("\x1b[H\x1b[2J")
        if self._page is not None:
            self._draw_page()
        elif self._last:
            self.print(self._last)
        else:
            self.write(self._drawn_bar())

    def _page_rows(self) -> int:
        """Return how many rows the bar and the blank line above it leave."""
        return max(1, self.rows - len(self._bar) - 1)

    def _draw_page(self) -> None:
        if self._page is None:
            return
        rows = self._page_rows()
        seen = self._page.view(self.columns, rows)
        lines = [*seen, f" {self._page.position(rows)}"[: self.columns - 1], *self._bar]
        self.write("\x1b[H" + "\x1b[K\n".join(lines) + "\x1b[J")

    def show_bar(self, lines: Sequence[str]) -> None:
        """Replace the bar, when it changed."""
        if self._page is not None:
            size = (self.columns, self.rows)
            if list(lines) != self._bar or size != self._page_size:
                self._bar, self._page_size = list(lines), size
                self._draw_page()
            return
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
        # Of what was pasted before, the marks are missing.
        termios.tcflush(self._input, termios.TCIFLUSH)
        self._keyboard.forget()
        self.write(MARK_PASTES + HIDE_CURSOR)

    def _give_back(self) -> None:
        if self._page is not None:
            self.write(CLOSE_PAGE)
        self.write(self._wiped() + SHOW_CURSOR + LEAVE_PASTES)
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
        if self._page is not None:
            self.write(OPEN_PAGE)
            self._draw_page()
        else:
            self.write(self._drawn_bar())


def _stop(_number: int, _frame: FrameType | None) -> None:
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)  # a second one must not disturb the way out
    raise KeyboardInterrupt
