"""A text that is longer than the terminal: what of it is seen, and the keys that move it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from harness.cli.invocation import Invocation, has_screen
from harness.cli.output import drawn_lines, show
from harness.cli.surroundings import is_styled
from harness.cli.terminal import Terminal
from harness.cli.watch_bar import bar_of_keys

if TYPE_CHECKING:
    from rich.console import RenderableType

READING_KEYS: Final = (
    ("space", "more"),
    ("b", "back"),
    ("g", "top"),
    ("G", "end"),
    ("q", "close"),
)
_RESIZE_SECONDS: Final = 0.1
"""How soon a page follows the size of the terminal."""
_FORWARD: Final = (" ", "f", "page down", "right")
_BACK: Final = ("b", "page up", "backspace", "left")
_TOKEN: Final = re.compile(r"\x1b\[[0-9;]*m|.", re.DOTALL)


class Pager:
    """Shows the top first. ``render`` returns the lines for a number of columns."""

    def __init__(self, render: Callable[[int], Sequence[str]]) -> None:
        self._render = render
        self._columns = 0
        self.lines: list[str] = []
        """All of them, as laid out last."""
        self._top = 0

    def fits(self, columns: int, rows: int) -> bool:
        """Return whether everything is seen at once."""
        self._lay_out(columns)
        return len(self.lines) <= rows

    def view(self, columns: int, rows: int) -> list[str]:
        """Return the ``rows`` lines to be seen now."""
        self._lay_out(columns)
        self._move(0, rows)
        seen = self.lines[self._top : self._top + rows]
        return seen + [""] * (rows - len(seen))

    def position(self, rows: int) -> str:
        """Return which lines are seen: ``lines 1-18 of 52``."""
        last = min(self._top + rows, len(self.lines))
        return f"lines {self._top + 1}-{last} of {len(self.lines)}"

    def turn(self, key: str, rows: int) -> bool:
        """Move by ``key``; return whether to go on reading."""
        if key in ("q", "c", "escape"):
            return False
        if key in _FORWARD:
            self._move(max(1, rows - 1), rows)
        elif key in _BACK:
            self._move(-max(1, rows - 1), rows)
        elif key in ("j", "down", "enter"):
            self._move(1, rows)
        elif key in ("k", "up"):
            self._move(-1, rows)
        elif key in ("g", "home"):
            self._top = 0
        elif key in ("G", "end"):
            self._move(len(self.lines), rows)
        return True

    def _move(self, lines: int, rows: int) -> None:
        self._top = max(0, min(self._top + lines, len(self.lines) - rows))

    def _lay_out(self, columns: int) -> None:
        if columns != self._columns:
            self._columns = columns
            self.lines = [
                piece for line in self._render(columns) for piece in folded(line, columns)
            ]


def folded(line: str, columns: int) -> list[str]:
    """Return ``line``, which may hold styles, in pieces that are not wider than ``columns``."""
    pieces, width = [""], 0
    for token in _TOKEN.findall(line):
        cells = 0 if token.startswith("\x1b") else cell_len(token)
        if width + cells > columns and width:
            pieces.append("")
            width = 0
        pieces[-1] += token
        width += cells
    return pieces


def show_page(invocation: Invocation, thing: RenderableType) -> None:
    """Print a renderable; in a terminal, what is longer than the screen is read as a page."""
    page = Pager(lambda columns: drawn_lines(thing, invocation.colour, columns))
    size = shutil.get_terminal_size()
    # The prompt needs a line below.
    if not has_screen() or page.fits(size.columns, size.lines - 1):
        show(invocation, thing)
        return
    styled = is_styled(invocation.colour, terminal=True)
    with Terminal() as terminal, suppress(EOFError):  # raised when the terminal was closed
        terminal.show_bar(bar_of_keys(READING_KEYS, terminal.columns, colour=styled))
        is_open = terminal.open_page(page)
        while is_open:
            terminal.show_bar(bar_of_keys(READING_KEYS, terminal.columns, colour=styled))
            key = terminal.key(_RESIZE_SECONDS)
            if key == "redraw":
                terminal.redraw()
            elif key:
                is_open = terminal.turn_page(key)
