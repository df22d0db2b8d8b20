"""Cases that may prove nothing: passed by who wrote nothing, or twice the same."""

from __future__ import annotations

from collections.abc import Iterator

from harness.authoring.examiner import Request
from harness.authoring.likeness import likeness
from harness.authoring.outcomes import function_of, line_of_case
from harness.authoring.subject import Subject
from harness.authoring.suites import CaseSource, SuiteSource, suites_of
from harness.authoring.waivers import WAIVERS_NAME, read_waivers
from harness.model.finding import Check, Finding, Ground, Severity
from harness.model.frozen import frozen
from harness.model.judgement import CaseOutcome, Suite
from harness.model.verdict import Verdict


@frozen
class _Place:
    source: SuiteSource
    case: CaseSource

    def __str__(self) -> str:
        return f"the {self.source.suite} case {self.case.name} of level {self.source.level}"


def suspicious(subject: Subject) -> Iterator[Finding]:
    """No case passes on the skeleton, and no hidden case is the copy of another."""
    yield from _copies(subject)
    yield from _given(subject)


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
    """Yield the cases that the skeleton passes, and that nobody keeps."""
    kept = {(each.level, each.case) for each in read_waivers(subject.problem.root).kept}
    for suite, outcome in gifts(subject):
        if (outcome.level, function_of(outcome)) not in kept:
            yield Finding(
                message=f"The skeleton passes the {suite} case {outcome.case}.",
                why="A point for nothing done; the case may check nothing.",
                fix="have it ask for something that was done, or keep it with a reason in "
                f"{WAIVERS_NAME}",
                path=subject.problem.suite_path(outcome.level, suite),
                line=line_of_case(subject, outcome, suite),
                level=outcome.level,
                severity=Severity.WARNING,
            )


def gifts(subject: Subject) -> Iterator[tuple[Suite, CaseOutcome]]:
    """Yield the cases that the skeleton passes."""
    asked = [Request(subject.skeleton, tuple(subject.levels), suite) for suite in Suite]
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        for outcome in judgement.outcomes:
            if outcome.verdict is Verdict.ACCEPTED:
                yield request.suite, outcome


CHECKS = (
    Check(
        name="suspicious",
        title="no case is a gift or a copy",
        run=suspicious,
        needs=(Ground.WAIVERS, Ground.SUITES),
    ),
)
