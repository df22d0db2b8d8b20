"""What all drawings share: one width, few colours, and the pieces they are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from harness.reports.escaping import escape_untrusted

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.segment import Segment
    from rich.table import Table
    from rich.text import Text

MAX_WIDTH = 100
"""Lines do not get longer on a wider screen: the eye would lose the columns."""

OK, BAD, WARN, QUIET, STRONG = "green", "red", "yellow", "dim", "bold"
"""All styles there are. Colour never says anything that the text does not say, too."""

PASS, FAIL, HERE, LOCK, GIVEN = "✔", "✘", "▶", "🔒", "○"
POINTER = "▸"
DOUBT, UNASKED = "!", "–"

_PLAIN = str.maketrans(
    {
        PASS: "+",
        FAIL: "x",
        HERE: ">",
        LOCK: "# ",
        GIVEN: "o",
        POINTER: ">",
        "·": "-",
        "…": "~",
        "–": "-",
        "−": "-",
        "→": ">",
        "⇥": ">",
        "↵": "$",
        "│": "|",
    }
)
"""What stands for our signs where the terminal knows only ASCII; as wide as they are."""


class Page:
    """Renderables below each other, not too wide, in ASCII where there is no more."""

    def __init__(self, *parts: RenderableType) -> None:
        self._parts = parts

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render all parts."""
        from rich.console import Group
        from rich.segment import Segment

        narrow = options.update(max_width=min(options.max_width, MAX_WIDTH))
        for line in Segment.split_lines(console.render(Group(*self._parts), narrow)):
            for segment in _without_blank_end(line):
                yield _in_ascii(segment) if options.ascii_only else segment
            yield Segment.line()


class Verbatim:
    """Lines that nobody wraps or crops: code, diffs, and Markdown as its source.

    What is wider than the terminal is for the terminal to fold; a pipe gets the lines as they are.
    """

    def __init__(self, lines: Iterable[tuple[str, str]], indent: int = 0) -> None:
        """Take ``lines`` with the style of each, and by how many columns to move them right."""
        self._lines = [(escape_untrusted(line), style) for line, style in lines]
        self._indent = " " * indent

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render each line whole."""
        from rich.segment import Segment

        for line, style in self._lines:
            yield Segment(self._indent)
            yield Segment(line, console.get_style(style or "none"))
            yield Segment.line()


def _without_blank_end(line: list[Segment]) -> list[Segment]:
    """Return a line without the spaces that only fill it up: they would be copied and piped."""
    kept = list(line)
    while kept and not kept[-1].text.rstrip(" "):
        kept.pop()
    if kept:
        kept[-1] = kept[-1]._replace(text=kept[-1].text.rstrip(" "))
    return kept


def _in_ascii(segment: Segment) -> Segment:
    text = segment.text.translate(_PLAIN)
    return segment._replace(text=text.encode("ascii", "backslashreplace").decode("ascii"))


def safe_text(text: str, style: str = "") -> Text:
    """Return text that we did not write, harmless, and never read as markup."""
    from rich.text import Text

    return Text(escape_untrusted(text), style=style)


def joined(parts: Iterable[Text | str], style: str = "") -> Text:
    """Return the parts that are not empty, with a dot between them."""
    from rich.text import Text

    texts = [Text(part) if isinstance(part, str) else part for part in parts]
    return Text(" · ", style=style).join(text for text in texts if text.plain)


def indented(renderable: RenderableType, columns: int) -> RenderableType:
    """Return the renderable moved to the right."""
    from rich.padding import Padding

    return Padding(renderable, (0, 0, 0, columns))


def edges(left: RenderableType, right: RenderableType) -> Table:
    """Return a line with something at its left edge and something at its right."""
    from rich.table import Table

    line = Table.grid(expand=True, padding=(0, 2, 0, 0), pad_edge=False)
    line.add_column(ratio=1)
    line.add_column(justify="right", no_wrap=True)
    line.add_row(left, right)
    return line


def shortened(text: str, most: int) -> str:
    """Return ``text`` with at most ``most`` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
