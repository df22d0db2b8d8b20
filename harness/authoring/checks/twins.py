"""Cases that share every fate, and reasons to keep cases that nobody doubts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from harness.authoring.checks.mutation import killers, trials
from harness.authoring.checks.suspicious import gifts
from harness.authoring.examiner import Request
from harness.authoring.outcomes import failures, function_of
from harness.authoring.subject import Subject
from harness.authoring.suites import suites_of
from harness.authoring.waivers import WAIVERS_NAME, read_waivers
from harness.model.finding import Check, Finding, Ground, Severity
from harness.model.judgement import Judgement, Suite
from harness.model.verdict import Verdict


def twins(subject: Subject) -> Iterator[Finding]:
    """No two hidden cases of a level fail the same mutants and known-wrong solutions."""
    kept = {(each.level, each.case) for each in read_waivers(subject.problem.root).kept}
    alike: set[tuple[int, str]] = set()
    for level, groups in _fates(subject).items():
        for group in groups:
            if len(group) > 1:
                alike |= {(level, name) for name in group}
                if not any((level, name) in kept for name in group):
                    yield _twin_finding(subject, level, group)
    yield from _kept_in_vain(subject, alike)


def _kept_in_vain(subject: Subject, alike: set[tuple[int, str]]) -> Iterator[Finding]:
    """Yield the rows of ``[[kept]]`` without which nothing would be said of their cases."""
    doubted = alike | {(o.level, function_of(o)) for _, o in gifts(subject)}
    needless = killers(subject) - doubted
    for row in read_waivers(subject.problem.root).kept:
        if (row.level, row.case) in needless:
            yield Finding(
                message=f"{WAIVERS_NAME} keeps {row.case} of level {row.level}, which needs no "
                "keeping: it fails a mistake that no other case fails alike.",
                why="A reason that nobody needs hides the next doubt about this case.",
                fix=f"take the row out of {WAIVERS_NAME}",
                path=subject.problem.root / WAIVERS_NAME,
                level=row.level,
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
        name="twins",
        title="no two cases share every fate",
        run=twins,
        full=True,
        needs=(Ground.WRONG_LIST, Ground.WAIVERS, Ground.CASES),
    ),
)
