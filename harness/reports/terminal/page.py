"""The parts that all drawings share: one width, few colours, common pieces."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from harness.reports.escaping import escape_untrusted

MAX_WIDTH = 100
"""The greatest width, because columns far apart are hard to read."""

OK, BAD, WARN, QUIET, STRONG = "green", "red", "yellow", "dim", "bold"
"""All styles. Colour never carries information that the text does not."""

PASS, FAIL, HERE, LOCK, GIVEN = "✔", "✘", "▶", "🔒", "○"
POINTER = "▸"
DOUBT, UNASKED = "!", "–"

NOT_CERTIFIED = "Not certified: this box could not stop a hostile solution. See: harness doctor"

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
"""Replacements of the same width for terminals that know only ASCII."""


class Page:
    """Renderables below each other, limited in width, in ASCII where the terminal needs it."""

    def __init__(self, *parts: RenderableType) -> None:
        self._parts = parts

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render all parts."""
        narrow = options.update(max_width=min(options.max_width, MAX_WIDTH))
        for line in Segment.split_lines(console.render(Group(*self._parts), narrow)):
            for segment in _without_blank_end(line):
                if options.ascii_only:
                    text = segment.text.translate(_PLAIN).encode("ascii", "backslashreplace")
                    segment = segment._replace(text=text.decode("ascii"))
                yield segment
            yield Segment.line()


class Verbatim:
    """Lines that are never wrapped or cropped: code, diffs and Markdown source.

    The terminal folds what is too wide; a pipe gets the lines unchanged.
    """

    def __init__(self, lines: Iterable[tuple[str, str]], indent: int = 0) -> None:
        """``lines``: each with its style; ``indent``: columns."""
        self._lines = [(escape_untrusted(line), style) for line, style in lines]
        self._indent = " " * indent

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render each line whole."""
        for line, style in self._lines:
            yield Segment(self._indent)
            yield Segment(line, console.get_style(style or "none"))
            yield Segment.line()


class Fitting:
    """The first of some forms that is not wider than the terminal, else the last."""

    def __init__(self, *forms: RenderableType) -> None:
        self._forms = forms

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render one form."""
        for form in self._forms[:-1]:
            unlimited = options.update(max_width=1000)
            # Rich takes a column that may not be wrapped to need only its longest word.
            for column in form.columns if isinstance(form, Table) else ():
                if column.no_wrap:
                    cells = [Measurement.get(console, unlimited, cell) for cell in column.cells]
                    column.min_width = max(cell.maximum for cell in cells)
            if Measurement.get(console, unlimited, form).minimum <= options.max_width:
                yield form
                return
        yield self._forms[-1]


def _without_blank_end(line: list[Segment]) -> list[Segment]:
    """Return a line without trailing spaces, which would be copied and piped."""
    kept = list(line)
    while kept and not kept[-1].text.rstrip(" "):
        kept.pop()
    if kept:
        kept[-1] = kept[-1]._replace(text=kept[-1].text.rstrip(" "))
    return kept


def safe_text(text: str, style: str = "") -> Text:
    """Return text from outside, escaped and without markup."""
    return Text(escape_untrusted(text), style=style)


def joined(parts: Iterable[Text | str], style: str = "") -> Text:
    """Return the non-empty parts with a dot between them."""
    texts = [Text(part) if isinstance(part, str) else part for part in parts]
    return Text(" · ", style=style).join(text for text in texts if text.plain)


def indented(renderable: RenderableType, columns: int) -> RenderableType:
    """Return the renderable, moved to the right."""
    return Padding(renderable, (0, 0, 0, columns))


def edges(left: RenderableType, right: RenderableType) -> Table:
    """Return a line with one thing at its left edge and one at its right."""
    line = Table.grid(expand=True, padding=(0, 2, 0, 0), pad_edge=False)
    line.add_column(ratio=1)
    line.add_column(justify="right", no_wrap=True)
    line.add_row(left, right)
    return line


def shortened(text: str, most: int) -> str:
    """Return ``text`` with at most ``most`` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


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
