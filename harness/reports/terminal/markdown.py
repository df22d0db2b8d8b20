"""rich's Markdown with calmer elements. Imported only when Markdown is drawn."""

from __future__ import annotations

from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Heading, Markdown, MarkdownElement
from rich.padding import Padding
from rich.text import Text
from rich.theme import Theme

CALM = Theme(
    {
        "markdown.code": "cyan",
        "markdown.code_block": "none",
        "markdown.h1": "bold underline",
        "markdown.h2": "bold underline",
        "markdown.h3": "bold",
        "markdown.item.bullet": "none",
        "markdown.item.number": "none",
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
        block = Text(no_wrap=False)
        session = ">>> " in str(self.text)
        for number, line in enumerate(str(self.text).rstrip().split("\n")):
            typed = not session or line.startswith((">>>", "..."))
            block.append("\n" if number else "")
            block.append(line, style="" if typed else "dim")
        yield Padding(block, (0, 0, 0, 4))


class CalmMarkdown(Markdown):
    """Markdown without hyperlinks, frames and backgrounds."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "heading_open": CalmHeading,
        "fence": CalmCode,
        "code_block": CalmCode,
    }

    def __init__(self, markup: str) -> None:
        super().__init__(markup, hyperlinks=False, justify="left")
