"""Scrolling output with a bar that always stays below it.

No alternate buffer: everything printed stays in the terminal's scrollback. The bar is wiped before
and drawn after each output, in one write, so that it does not flicker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from harness.cli.watching.bar import visible_length


class Surface(Protocol):
    """What a screen is drawn on."""

    @property
    def columns(self) -> int:
        """How wide it is now."""

    def write(self, text: str) -> None:
        """Write at once."""


class Screen:
    """The only writer to the terminal while watching."""

    def __init__(self, terminal: Surface) -> None:
        self._terminal = terminal
        self._bar: list[str] = []
        self._drawn: list[int] = []
        """The lengths of the bar's lines on the screen; empty when it is not drawn."""

    def print(self, text: str) -> None:
        """Write ``text`` above the bar."""
        # The blank line keeps the bar apart from the output; it is part of the bar.
        self._terminal.write(self._wipe() + text.rstrip("\n") + "\n" + self._draw())

    def show_bar(self, lines: Sequence[str]) -> None:
        """Replace the bar, when it changed."""
        if list(lines) != self._bar or not self._drawn:
            wipe = self._wipe()
            self._bar = list(lines)
            self._terminal.write(wipe + self._draw())

    def hide_bar(self) -> None:
        """Take the bar away: the terminal is about to be given back."""
        self._terminal.write(self._wipe())

    def redraw(self) -> None:
        """Draw the bar where the cursor is now."""
        self._drawn = []
        self._terminal.write(self._draw())

    def _draw(self) -> str:
        if not self._bar:
            return ""
        self._drawn = [0, *map(visible_length, self._bar)]
        return "\n" + "\n".join(self._bar)

    def _wipe(self) -> str:
        """Return what moves to the bar's first line and clears all below."""
        if not self._drawn:
            return ""
        # A terminal that became narrower has wrapped the old bar onto more rows.
        columns = max(self._terminal.columns, 1)
        rows = sum(max(1, -(-length // columns)) for length in self._drawn)
        self._drawn = []
        up = f"\x1b[{rows - 1}A" if rows > 1 else ""
        return f"\r{up}\x1b[J"
