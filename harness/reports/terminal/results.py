"""Draws the results of ``harness test`` and ``harness submit``."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from harness.model.judgement import (
    CaseOutcome,
    Cause,
    CitedRule,
    Feedback,
    Judgement,
    SourceLine,
    Suite,
    Verdict,
)
from harness.model.problem import Problem
from harness.reports.escaping import escape_untrusted
from harness.reports.terminal.page import (
    BAD,
    FAIL,
    NOT_CERTIFIED,
    OK,
    PASS,
    POINTER,
    QUIET,
    STRONG,
    UNASKED,
    WARN,
    Page,
    edges,
    indented,
    joined,
    safe_text,
    shortened,
)
from harness.reports.withholding import feedback_for, judge_failure, named_cases, withhold
from harness.words import sandbox_text, verdict_words

CALLS_SHOWN = 12
CALL_CHARACTERS = 300
OUTPUT_LINE_CHARACTERS = 400
MESSAGE_CHARACTERS = 600
SPACE, TAB, NEWLINE = "·", "⇥", "↵"
ELLIPSIS = "…"


def render_judgement(
    judgement: Judgement,
    feedback: Feedback,
    problem: Problem,
    *,
    details: int | None = 5,
    output_lines: int | None = 40,
) -> Page:
    """Draw what ``feedback`` shows of a judgement.

    ``details``: how many failing cases are shown in full, the others by title; of those that fail
    alike, only the first. None for all.
    ``output_lines``: how many lines of a solution's output are shown for each case; None for all
    output and all calls.
    """
    summary = render_summary(judgement, feedback)
    error = judge_failure(judgement, feedback)
    judgement = withhold(judgement, feedback)
    parts: list[RenderableType] = []
    broken = _import_error_of_all(judgement)
    if broken is not None:
        parts += [_level_head(judgement, level, problem) for level in judgement.levels]
        reason = (indented(part, 1) for part in render_case(broken, output_lines))
        parts += [Text(), *reason, Text()]
    elif not error:
        in_full, left_out = _choose_in_full(judgement, details)
        drawn = _draw_in_full(in_full, output_lines)
        for level in judgement.levels:
            parts += _level(judgement, level, problem, drawn)
        parts.append(Text())
        if left_out:
            command = "test" if judgement.suite is Suite.VISIBLE else "submit"
            text = f"{left_out} In full: harness {command} -v"
            parts += [Text(text, style=QUIET), Text()]
    return Page(*parts, summary)


def render_summary(judgement: Judgement, feedback: Feedback) -> Page:
    """Draw the verdict of a judgement and how it was judged, without cases."""
    error = judge_failure(judgement, feedback)
    parts: list[RenderableType] = [
        _conclusion(judgement, error),
        _circumstances(judgement, feedback_for(judgement, feedback)),
    ]
    if judgement.instead_of and not error:
        parts.append(safe_text(f"Another sandbox was chosen, but {judgement.instead_of}", WARN))
    if not judgement.certified and not error:
        parts.append(Text(NOT_CERTIFIED, style=WARN))
    return Page(*parts)


def _choose_in_full(judgement: Judgement, details: int | None) -> tuple[list[CaseOutcome], str]:
    """Return the failing cases to show in full, and a sentence about the others with details."""
    in_full: list[CaseOutcome] = []
    causes: set[tuple[object, ...]] = set()
    alike = more = 0
    for level in judgement.levels:
        for case in named_cases(judgement, level):
            cause = (case.verdict, case.message, case.where, case.expected, case.actual)
            if case.verdict is Verdict.ACCEPTED:
                continue
            if details is None or not has_details(case):
                in_full.append(case)
            elif case.message and cause in causes:
                alike += 1
            elif not details:
                more += 1
            else:
                in_full.append(case)
                causes.add(cause)
                details -= 1
    if not alike + more:
        return in_full, ""
    cases = f"{alike + more} more without details"
    which = f"{alike} of them" if more else "it" if alike == 1 else "they"
    return in_full, f"{cases}: {which} failed as above." if alike else f"{cases}."


def _draw_in_full(
    cases: Sequence[CaseOutcome], output_lines: int | None
) -> dict[str, list[RenderableType]]:
    """Draw each case with the rules that none before it has shown."""
    drawn: dict[str, list[RenderableType]] = {}
    shown: set[CitedRule] = set()
    for case in cases:
        rules = [rule for rule in case.rules if rule not in shown]
        shown.update(rules)
        drawn[case.case] = list(render_case(case, output_lines, rules))
    return drawn


def _import_error_of_all(judgement: Judgement) -> CaseOutcome | None:
    """Return one of the cases when all failed because the solution cannot be imported at all."""
    cases = [case for level in judgement.levels for case in named_cases(judgement, level)]
    causes = {(case.verdict, case.message, case.where) for case in cases}
    if judgement.error or len(causes) != 1 or cases[0].verdict is not Verdict.IMPORT_ERROR:
        return None
    return cases[0] if cases[0].message else None


def _level(
    judgement: Judgement,
    level: int,
    problem: Problem,
    drawn: Mapping[str, list[RenderableType]],
) -> Iterator[RenderableType]:
    """Draw one level: one line when all cases passed, otherwise with the failing ones.

    All visible cases of the current level are listed: they are few, and they are the examples.
    ``drawn``: by case, what is shown below its title.
    """
    is_current = level == judgement.levels[-1]
    listed = judgement.suite is Suite.VISIBLE and is_current
    cases = [
        case
        for case in named_cases(judgement, level)
        if listed or case.verdict is not Verdict.ACCEPTED
    ]
    if level > judgement.levels[0] and cases:
        yield Text()
    yield _level_head(judgement, level, problem)
    if cases and not listed:
        yield Text()
    follows_details = False
    for case in cases:
        details = drawn.get(case.case, [])
        if follows_details or (details and case is not cases[0]):
            yield Text()
        yield indented(_case_head(case), 3)
        yield from (indented(part, 4) for part in details)
        follows_details = bool(details)


def _level_head(judgement: Judgement, level: int, problem: Problem) -> RenderableType:
    if not judgement.total(level) and not judgement.error:
        sign, style, count = UNASKED, QUIET, UNASKED
    else:
        sign, style = (PASS, OK) if judgement.level_accepted(level) else (FAIL, BAD)
        count = f"{judgement.passed(level)}/{judgement.total(level)}"
    title = safe_text(problem.level(level).title)
    head = Text.assemble((sign, style), f"  Level {level}  ", title)
    return edges(head, count)


def _case_head(case: CaseOutcome) -> RenderableType:
    passed = case.verdict is Verdict.ACCEPTED
    line = Table.grid(expand=True, padding=(0, 2, 0, 0), pad_edge=False)
    line.add_column(no_wrap=True)
    line.add_column(ratio=1)
    line.add_column(justify="right", no_wrap=True)
    line.add_row(
        Text(PASS if passed else FAIL, style=OK if passed else BAD),
        safe_text(case.title or case.case, "" if passed else STRONG),
        Text("" if passed else verdict_words(case.verdict), style=BAD),
    )
    return line


def _conclusion(judgement: Judgement, error: str) -> Text:
    """Return the verdict in words. A visible run never says more than it knows."""
    if error:
        return Text.assemble(
            ("The judge failed: ", BAD),
            safe_text(error.rstrip(".")),
            ". This does not count against you, and nothing is lost.",
        )
    accepted = judgement.verdict is Verdict.ACCEPTED
    style = f"{STRONG} {OK if accepted else BAD}"
    count = f"{judgement.passed()}/{judgement.total()}"
    if judgement.suite is Suite.VISIBLE:
        return joined([Text(f"visible {count}", style=style), Text("hidden not run")])
    words = "accepted" if accepted else "not accepted"
    return joined([Text(words, style=style), Text(f"hidden {count}")])


def _circumstances(judgement: Judgement, feedback: Feedback) -> Text:
    """Return how it was judged."""
    setting = "" if feedback is Feedback.FULL else f"feedback: {feedback}"
    return joined(
        [
            Text(sandbox_text(judgement.backend, judgement.tier), style=QUIET),
            safe_text(judgement.interpreter, QUIET),
            Text(f"{judgement.seconds:.2f} s", style=QUIET),
            Text(setting, style=QUIET),
        ],
        style=QUIET,
    )


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
    if case.source:
        yield indented(MarkedLine(case.source), 4)
    if case.calls:
        yield Text()
        yield _transcript(case, len(case.calls) if output_lines is None else CALLS_SHOWN)
    values: list[RenderableType] = []
    if case.expected is not None and case.actual is not None:
        values.append(SideBySide(case.expected, case.actual))
    elif case.actual is not None:
        values.append(_labelled("actual", safe_text(shortened(case.actual, MESSAGE_CHARACTERS))))
    if case.output:
        values.append(_labelled("printed", _output(case.output, output_lines)))
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
        answered = calls[len(calls) - len(got) :] if 0 < len(got) <= len(calls) else ()
        answers = zip(answered, got, strict=False)
        if answered and all(call.endswith(f" -> {value}") for call, value in answers):
            pairs = enumerate(zip(got, wanted, strict=False))
            wrong = next((n for n, (one, other) in pairs if one != other), len(got) - 1)
            return len(calls) - len(got) + wrong
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


class MarkedLine:
    """A line of the solution with carets below the part that is meant."""

    def __init__(self, source: SourceLine) -> None:
        self._before = escape_untrusted(source.before)
        self._meant = escape_untrusted(source.meant)
        self._after = escape_untrusted(source.after)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render to the available width, around the beginning of what is meant."""
        room, before = options.max_width, self._before
        rest = self._meant + self._after
        if cell_len(before) > room // 2 and cell_len(before + rest) > room:
            before = ELLIPSIS + before[-(room // 4) :]
        line, begin = Text(before + rest, no_wrap=True), cell_len(before)
        line.truncate(room, overflow="ellipsis")
        carets = max(1, min(cell_len(self._meant), line.cell_len - begin))
        yield line
        yield Text(" " * begin + "^" * carets, style=BAD, no_wrap=True)


class SideBySide:
    """Expected and actual value, with a caret below the first difference."""

    def __init__(self, expected: str, actual: str) -> None:
        self._expected = escape_untrusted(expected)
        self._actual = escape_untrusted(actual)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render to the available width."""
        width = options.max_width - len("expected") - 2
        expected, actual, at = align_values(self._expected, self._actual, width)
        yield _labelled("expected", _marked(expected, at, OK))
        yield _labelled("actual", _marked(actual, at, BAD))
        if at is None:
            yield _labelled("", Text("both look the same, but are of different types", style=QUIET))
        else:
            yield _labelled("", Text(" " * cell_len(actual[:at].ljust(at)) + "^", style=BAD))


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


def align_values(expected: str, actual: str, width: int) -> tuple[str, str, int | None]:
    """Cut two values to show their first difference, character below character.

    ``width``: the columns for each (at least 10). The index of the difference comes last; None when
    both look the same.
    """
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
        return *seen, mark
    # The difference stands at a third of the room: what follows is more useful than what precedes.
    start = max(0, min(at - room // 3, longest - room))
    one, other = (_cut(text, start, room) for text in seen)
    return one, other, None if same else at - start


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
