"""A statement or an editorial: drawn at a terminal, its Markdown source elsewhere."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult

from harness.reports.escaping import escape_untrusted
from harness.reports.terminal.page import Page, Verbatim


def render_statement(markdown: str) -> Page:
    """Draw Markdown; where the output is not a terminal, its unchanged source."""
    return Page(Prose(markdown))


class Prose:
    """Markdown with headings at the left and indented examples, without frames or backgrounds."""

    def __init__(self, markdown: str) -> None:
        self._source = escape_untrusted(markdown).strip("\n")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render for the kind of console."""
        if not console.is_terminal:
            yield Verbatim((line, "") for line in self._source.split("\n"))
            return
        from harness.reports.terminal.markdown import CALM, CalmMarkdown

        with console.use_theme(CALM):
            # Rendered completely here, because the theme is active only within this block.
            segments = list(console.render(CalmMarkdown(self._source), options))
        yield from segments
