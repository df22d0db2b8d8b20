"""A statement or an editorial: Markdown for a person at a terminal, its source elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.reports.escaping import escape_untrusted
from harness.reports.terminal.page import Page, Verbatim

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult


def render_statement(markdown: str) -> Page:
    """Draw Markdown. Where the output is no terminal, this is its source, as it is."""
    return Page(Prose(markdown))


class Prose:
    """Markdown, calmly: headings at the left, examples indented, no frames, no backgrounds."""

    def __init__(self, markdown: str) -> None:
        self._source = escape_untrusted(markdown).strip("\n")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render for what the console is."""
        if not console.is_terminal:
            yield Verbatim((line, "") for line in self._source.split("\n"))
            return
        from harness.reports.terminal.markdown import CALM, CalmMarkdown

        with console.use_theme(CALM):
            # Rendered to the end here, because the theme holds only within this block.
            segments = list(console.render(CalmMarkdown(self._source), options))
        yield from segments
