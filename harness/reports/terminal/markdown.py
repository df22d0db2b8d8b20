"""rich's Markdown with calmer elements. Imported only when Markdown is drawn."""

from __future__ import annotations

from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Heading, ListItem, Markdown, MarkdownElement
from rich.segment import Segment
from rich.theme import Theme

from harness.reports.terminal.page import QUIET, Verbatim

CALM = Theme(
    {
        "markdown.code": "cyan",
        "markdown.code_block": "none",
        "markdown.h1": "bold underline",
        "markdown.h2": "bold underline",
        "markdown.h3": "bold",
    }
)


class CalmHeading(Heading):
    """A heading at the left edge, with an empty line above all but the first."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the heading."""
        text = self.text.copy()
        text.justify = "left"
        yield text


class CalmCode(CodeBlock):
    """An example, indented; what one types stands out from what comes back."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the example."""
        lines = str(self.text).rstrip().split("\n")
        session = any(line.startswith(">>> ") for line in lines)
        yield Verbatim(
            (
                (line, "" if not session or line.startswith((">>>", "...")) else QUIET)
                for line in lines
            ),
            indent=4,
        )


class CalmItem(ListItem):
    """An item of a list. Unlike rich's own it does not crop the examples in it."""

    def render_bullet(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render an item of a list without numbers."""
        return self._render(console, options, " • ")

    def render_number(
        self, console: Console, options: ConsoleOptions, number: int, last_number: int
    ) -> RenderResult:
        """Render an item of a list with numbers."""
        return self._render(console, options, f"{number:>{len(str(last_number)) + 1}} ")

    def _render(self, console: Console, options: ConsoleOptions, sign: str) -> RenderResult:
        inside = options.update(width=options.max_width - len(sign))
        for number, line in enumerate(Segment.split_lines(console.render(self.elements, inside))):
            yield Segment(" " * len(sign) if number else sign)
            yield from line
            yield Segment.line()


class CalmMarkdown(Markdown):
    """Markdown without hyperlinks, frames and backgrounds."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "heading_open": CalmHeading,
        "fence": CalmCode,
        "code_block": CalmCode,
        "list_item_open": CalmItem,
    }

    def __init__(self, markup: str) -> None:
        super().__init__(markup, hyperlinks=False, justify="left")
