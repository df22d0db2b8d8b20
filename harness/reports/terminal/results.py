"""Draws the results of ``harness test`` and ``harness submit``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from harness.model.judgement import CaseOutcome, CitedRule, Feedback, Judgement, Suite, Verdict
from harness.model.problem import Problem
from harness.reports.terminal.case import has_details, render_case
from harness.reports.terminal.page import (
    BAD,
    FAIL,
    OK,
    PASS,
    QUIET,
    STRONG,
    WARN,
    Page,
    edges,
    indented,
    joined,
    safe_text,
)
from harness.reports.withholding import feedback_for, judge_failure, named_cases, withhold
from harness.words import sandbox_text, verdict_words


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
    if not judgement.certified and not error:
        warning = "Not certified: this box could not stop a hostile solution. See: harness doctor"
        parts.append(Text(warning, style=WARN))
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
    sign, style = (PASS, OK) if judgement.level_accepted(level) else (FAIL, BAD)
    title = safe_text(problem.level(level).title)
    head = Text.assemble((sign, style), f"  Level {level}  ", title)
    return edges(head, f"{judgement.passed(level)}/{judgement.total(level)}")


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
