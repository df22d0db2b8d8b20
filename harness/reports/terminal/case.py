"""Draws one failing case in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from harness.model.judgement import CaseOutcome, Cause, CitedRule
from harness.reports.differences import align_values
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
        if got and asked >= 0 and all(map(_answers, calls[asked:], got)):
            pairs = enumerate(zip(got, wanted, strict=False))
            return asked + next((n for n, (one, other) in pairs if one != other), len(got) - 1)
    return len(calls) - 1


def _answers(call: str, value: str) -> bool:
    return call.endswith(f" -> {value}")


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
