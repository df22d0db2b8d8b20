"""Draws one failing case in full."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from harness.model.frozen import frozen
from harness.model.judgement import CaseOutcome, Cause, CitedRule
from harness.reports.escaping import escape_untrusted
from harness.reports.terminal.page import (
    BAD,
    OK,
    POINTER,
    QUIET,
    STRONG,
    indented,
    safe_text,
    shortened,
)

CALLS_SHOWN = 12
CALL_CHARACTERS = 300
OUTPUT_LINE_CHARACTERS = 400
MESSAGE_CHARACTERS = 600
SPACE, TAB, NEWLINE = "·", "⇥", "↵"
ELLIPSIS = "…"


def render_case(
    case: CaseOutcome, output_lines: int | None, rules: Sequence[CitedRule] = ()
) -> Iterator[RenderableType]:
    """Draw why a case failed: message, calls, values, output and rules, as far as known.

    ``output_lines``: how many lines of output are shown; None for all output and all calls.
    ``rules``: the cited rules that were not shown before. The two leftmost columns are for the
    pointer.
    """
    has_values = case.expected is not None and case.actual is not None
    if case.message and not (has_values and case.cause is Cause.VALUES):
        yield indented(safe_text(shortened(case.message, MESSAGE_CHARACTERS)), 2)
    if case.where:
        yield indented(safe_text(f"at {shortened(case.where, MESSAGE_CHARACTERS)}", QUIET), 2)
    if case.calls:
        yield Text()
        yield _transcript(case, len(case.calls) if output_lines is None else CALLS_SHOWN)
    values = list(_values(case, output_lines))
    if values:
        yield Text()
    yield from (indented(value, 2) for value in values)
    if rules:
        yield Text()
    for rule in rules:
        yield indented(safe_text(f"The statement says (level {rule.level}): {rule.text}", QUIET), 2)


def has_details(case: CaseOutcome) -> bool:
    """Return whether a case has more than a title and a verdict."""
    return any((case.message, case.where, case.calls, case.actual is not None, case.output))


def _values(case: CaseOutcome, output_lines: int | None) -> Iterator[RenderableType]:
    if case.expected is not None and case.actual is not None:
        yield SideBySide(case.expected, case.actual)
    elif case.actual is not None:
        yield _labelled("actual", safe_text(shortened(case.actual, MESSAGE_CHARACTERS)))
    if case.output:
        yield _labelled("printed", _output(case.output, output_lines))


def failing_call(calls: Sequence[str], actual: str | None, expected: str | None = None) -> int:
    """Return the index of the call that caused the failure.

    When answers were compared as a list, it is the first that differs; otherwise the last call
    whose answer is the actual value, or else the last call.
    """
    if actual is not None:
        for index in range(len(calls) - 1, -1, -1):
            if calls[index].endswith(f" -> {actual}"):
                return index
        got, wanted = _items(actual), _items(expected or "")
        asked = len(calls) - len(got)
        if (
            got
            and asked >= 0
            and all(
                call.endswith(f" -> {value}")
                for call, value in zip(calls[asked:], got, strict=True)
            )
        ):
            pairs = enumerate(zip(got, wanted, strict=False))
            return asked + next((n for n, (one, other) in pairs if one != other), len(got) - 1)
    return len(calls) - 1


def _items(rendered: str) -> list[str]:
    """Return the items of a rendered list as written; none for anything else."""
    import ast

    try:
        tree = ast.parse(rendered, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # shortened, or not a list
        return []
    if not isinstance(tree, ast.List | ast.Tuple):
        return []
    raw = rendered.encode()  # the parser counts bytes; a rendered value is one line
    return [raw[item.col_offset : item.end_col_offset].decode() for item in tree.elts]


class SideBySide:
    """Expected and actual value, with a caret below the first difference."""

    def __init__(self, expected: str, actual: str) -> None:
        self._expected = escape_untrusted(expected)
        self._actual = escape_untrusted(actual)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render to the available width."""
        width = options.max_width - len("expected") - 2
        found = align_values(self._expected, self._actual, width)
        at = found.column
        yield _labelled("expected", _marked(found.expected, at, OK))
        yield _labelled("actual", _marked(found.actual, at, BAD))
        if at is None:
            yield _labelled("", Text("both look the same, but are of different types", style=QUIET))
        else:
            yield _labelled("", Text(" " * cell_len(found.actual[:at].ljust(at)) + "^", style=BAD))


def _marked(text: str, at: int | None, style: str) -> Text:
    marked = Text(text, no_wrap=True, overflow="ellipsis")
    if at is not None:
        marked.stylize(f"{style} bold", at, at + 1)
    return marked


def _labelled(label: str, value: RenderableType) -> Table:
    line = Table.grid(padding=(0, 2, 0, 0))
    line.add_column(width=len("expected"), no_wrap=True)
    line.add_column()
    line.add_row(Text(label, style=QUIET), value)
    return line


def _transcript(case: CaseOutcome, most: int) -> Table:
    """Draw at most ``most`` of the last calls, with a pointer at the one that failed."""
    failing = failing_call(case.calls, case.actual, case.expected)
    first = max(0, min(failing, len(case.calls) - most))
    shown = case.calls[first : first + most]
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1, no_wrap=True)
    grid.add_column()
    earlier = first + case.calls_omitted
    if earlier:
        grid.add_row("", Text(f"… {earlier} earlier calls", style=QUIET))
    for index, call in enumerate(shown, first):
        is_failing = index == failing
        text = safe_text(shortened(call, CALL_CHARACTERS), STRONG if is_failing else "")
        grid.add_row(Text(POINTER if is_failing else "", style=BAD), text)
    later = len(case.calls) - first - len(shown)
    if later:
        grid.add_row("", Text(f"… {later} later calls", style=QUIET))
    return grid


def _output(output: str, most: int | None) -> Text:
    """Return the output; when it is long, its beginning and its end."""
    lines = output.removesuffix("\n").split("\n")
    if most is not None and len(lines) > most:
        head, tail = lines[: most // 2], lines[len(lines) - (most - most // 2) :]
        middle = f"… {len(lines) - most} lines left out, -v shows them"
        lines = [*head, middle, *tail]
    return Text("\n").join(
        safe_text(line if most is None else shortened(line, OUTPUT_LINE_CHARACTERS))
        for line in lines
    )


@frozen
class AlignedValues:
    """Two values cut to show their first difference, character below character."""

    expected: str
    actual: str
    column: int | None
    """Index of the first difference in both; None when both look the same."""


def align_values(expected: str, actual: str, width: int) -> AlignedValues:
    """Align two values. ``width``: the columns for each (at least 10)."""
    pairs = enumerate(zip(expected, actual, strict=False))
    shorter = min(len(expected), len(actual))
    at = next((n for n, (one, other) in pairs if one != other), shorter)
    same = at == max(len(expected), len(actual))
    mark = None if same else at
    seen = show_space(expected, mark), show_space(actual, mark)
    longest = max(map(len, seen))
    wide = any(unicodedata.east_asian_width(each) in "WF" for each in expected + actual)
    room = max(10, width // 2 if wide else width)
    if longest <= room:
        return AlignedValues(*seen, mark)
    # The difference stands at a third of the room: what follows is more useful than what precedes.
    start = max(0, min(at - room // 3, longest - room))
    cut = [_cut(text, start, room) for text in seen]
    return AlignedValues(cut[0], cut[1], None if same else at - start)


def show_space(text: str, at: int | None = None) -> str:
    """Return ``text`` of the same length, with easily overlooked white space made visible.

    That is: tabs and newlines; spaces at either end, beside another space, at either end of a
    quoted string, and the one at index ``at``.
    """
    shown = []
    quoted = _inside_quotes(text)
    for index, character in enumerate(text):
        if character == "\t":
            shown.append(TAB)
        elif character == "\n":
            shown.append(NEWLINE)
        elif character == " " and (index == at or _overlooked(text, index, quoted)):
            shown.append(SPACE)
        else:
            shown.append(character)
    return "".join(shown)


def _overlooked(text: str, index: int, quoted: list[bool]) -> bool:
    """Return whether the space at ``index`` is easily overlooked."""
    if index in (0, len(text) - 1):
        return True
    before, after = text[index - 1], text[index + 1]
    if before.isspace() or after.isspace():
        return True
    return quoted[index] and (not quoted[index - 1] or not quoted[index + 1])


def _inside_quotes(text: str) -> list[bool]:
    """Return for each character whether it is inside a quoted string, without the quotes."""
    inside: list[bool] = []
    quote, escaped = "", False
    for character in text:
        if not quote:
            inside.append(False)
            quote = character if character in "'\"" else ""
            continue
        ends = character == quote and not escaped
        inside.append(not ends)
        escaped = character == "\\" and not escaped
        quote = "" if ends else quote
    return inside


def _cut(text: str, start: int, room: int) -> str:
    """Return ``room`` characters from ``start``, with an ellipsis where text is cut off."""
    piece = text[start : start + room]
    if start and piece:
        piece = ELLIPSIS + piece[1:]
    if start + room < len(text):
        piece = piece[:-1] + ELLIPSIS
    return piece
