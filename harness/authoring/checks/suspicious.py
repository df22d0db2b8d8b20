"""Cases that may prove nothing: passed by who wrote nothing, twins of others, or twice the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.authoring.checks.mutation import trials
from harness.authoring.examiner import Request
from harness.authoring.likeness import likeness
from harness.authoring.outcomes import failures, function_of, line_of_case
from harness.authoring.subject import Subject
from harness.authoring.suites import CaseSource, SuiteSource, suites_of
from harness.authoring.waivers import WAIVERS_NAME, read_waivers
from harness.model.finding import Check, Finding, Ground, Severity
from harness.model.judgement import Judgement, Suite
from harness.model.verdict import Verdict


@dataclass(frozen=True)
class _Place:
    source: SuiteSource
    case: CaseSource

    def __str__(self) -> str:
        return f"the {self.source.suite} case {self.case.name} of level {self.source.level}"


def suspicious(subject: Subject) -> Iterator[Finding]:
    """No case passes on the skeleton, and no hidden case is the copy of another."""
    yield from _copies(subject)
    yield from _given(subject)


def twins(subject: Subject) -> Iterator[Finding]:
    """No two hidden cases of a level fail the same mutants and known-wrong solutions."""
    kept = {(each.level, each.case) for each in read_waivers(subject.problem.root).kept}
    for level, groups in _fates(subject).items():
        for group in groups:
            doubtful = [name for name in group if (level, name) not in kept]
            if len(group) > 1 and len(doubtful) == len(group):
                yield _twin_finding(subject, level, group)


def _copies(subject: Subject) -> Iterator[Finding]:
    seen: dict[str, _Place] = {}
    # Visible ones first: a hidden case is said to be the copy.
    for source in sorted(suites_of(subject.problem), key=lambda s: s.suite is Suite.HIDDEN):
        for case in source.cases:
            place = _Place(source, case)
            first = seen.setdefault(likeness(source, case), place)
            if first is not place and source.suite is Suite.HIDDEN:
                yield Finding(
                    message=f"{case.name} does the same as {first}.",
                    why="It judges nothing that the other does not, and weighs twice."
                    if first.source.suite is Suite.HIDDEN
                    else "It judges nothing that the candidate was not shown.",
                    fix="try the same rule with other values, or take it out",
                    path=source.path,
                    line=case.line,
                    level=source.level,
                )


def _given(subject: Subject) -> Iterator[Finding]:
    """Yield the cases that the skeleton passes."""
    kept = {(each.level, each.case) for each in read_waivers(subject.problem.root).kept}
    asked = [Request(subject.skeleton, tuple(subject.levels), suite) for suite in Suite]
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        for outcome in judgement.outcomes:
            name = function_of(outcome)
            if outcome.verdict is Verdict.ACCEPTED and (outcome.level, name) not in kept:
                yield Finding(
                    message=f"The skeleton passes the {request.suite} case {outcome.case}.",
                    why="A point for nothing done; the case may check nothing.",
                    fix="have it ask for something that was done, or keep it with a reason in "
                    f"{WAIVERS_NAME}",
                    path=subject.problem.suite_path(outcome.level, request.suite),
                    line=line_of_case(subject, outcome, request.suite),
                    level=outcome.level,
                    severity=Severity.WARNING,
                )


def _fates(subject: Subject) -> dict[int, list[list[str]]]:
    """Return per level the cases in groups of the same fate; those that nothing fails left out."""
    judged = _judged(subject)
    fates: dict[int, list[list[str]]] = {}
    for level in subject.levels:
        seen: dict[str, set[int]] = defaultdict(set)
        for number, judgement in enumerate(judged):
            for outcome in failures(judgement):
                if outcome.level == level:
                    seen[function_of(outcome)].add(number)
        groups: dict[frozenset[int], list[str]] = defaultdict(list)
        for name, numbers in seen.items():
            groups[frozenset(numbers)].append(name)
        fates[level] = [sorted(group) for group in groups.values()]
    return fates


def _judged(subject: Subject) -> list[Judgement]:
    """Return the judgements of all mutants and known-wrong solutions that tell of every case."""
    rows = [row for row in subject.wrong_rows if row.name in subject.wrong]
    asked = [Request(subject.wrong[r.name], tuple(range(1, r.level + 1))) for r in rows]
    # A mutant that hangs is judged no further: of the cases after that nothing is known.
    whole = [t.judgement for t in trials(subject) if not _hangs(t.judgement)]
    return whole + subject.judge_all(asked)


def _hangs(judgement: Judgement) -> bool:
    return any(outcome.verdict is Verdict.TIME_LIMIT for outcome in judgement.outcomes)


def _twin_finding(subject: Subject, level: int, group: Sequence[str]) -> Finding:
    sources = suites_of(subject.problem)
    own = next(s for s in sources if s.level == level and s.suite is Suite.HIDDEN)
    lines = [case.line for case in own.cases if case.name in group]
    return Finding(
        message=f"These cases always live and die together: {', '.join(group)}.",
        why="They may try one rule several times, and leave another one untried.",
        fix="merge them, write the known-wrong solution that tells them apart, or keep one "
        f"with a reason in {WAIVERS_NAME}",
        path=own.path,
        line=min(lines, default=None),
        level=level,
        severity=Severity.WARNING,
    )


CHECKS = (
    Check(
        name="suspicious",
        title="no case is a gift or a copy",
        run=suspicious,
        needs=(
            Ground.LISTS,
            Ground.SUITES,
        ),
    ),
    Check(
        name="twins",
        title="no two cases share every fate",
        run=twins,
        needs=(
            Ground.LISTS,
            Ground.CASES,
        ),
        full=True,
    ),
)
