"""What came of judging solutions; and edits, authored mistakes and mutants alike, judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from harness.authoring.mistakes import Edit
from harness.authoring.subject import Subject
from harness.model.frozen import frozen
from harness.model.judgement import CaseOutcome, Judgement, Suite, Verdict
from harness.model.problem import Request

BROKEN = frozenset({Verdict.JUDGE_ERROR, Verdict.SKIPPED})
"""Verdicts that say something about the case and nothing about the solution."""

Case = tuple[int, str]
"""A hidden case: its level, and the name of its function."""


def failures(judgement: Judgement) -> list[CaseOutcome]:
    """Return the outcomes that are not accepted."""
    return [o for o in judgement.outcomes if o.verdict is not Verdict.ACCEPTED]


def failed_cases(judgement: Judgement) -> list[CaseOutcome]:
    """Return the failures of cases, without those of a solution that cannot be imported."""
    return [o for o in failures(judgement) if o.verdict is not Verdict.IMPORT_ERROR]


def import_error(judgement: Judgement) -> CaseOutcome | None:
    """Return an outcome that says why the solution cannot be imported; None when it can."""
    return next((o for o in judgement.outcomes if o.verdict is Verdict.IMPORT_ERROR), None)


def function_of(outcome: CaseOutcome) -> str:
    """Return the name of the test function, ``Class::name`` in a class, without parameters."""
    return outcome.case.partition("::")[2].partition("[")[0]


def skeleton_passes(subject: Subject) -> Iterator[tuple[Suite, CaseOutcome]]:
    """Yield the cases that the skeleton passes."""
    asked = [subject.request(subject.skeleton, suite=suite, boxes="fresh") for suite in Suite]
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        for outcome in judgement.outcomes:
            if outcome.verdict is Verdict.ACCEPTED:
                yield request.suite, outcome


@frozen
class Trial:
    """One edit, and the judgements of it."""

    edit: Edit
    own: Judgement
    """By the hidden suite of the edit's level."""
    lower: Judgement | None
    """By the hidden suites of the levels below; None unless the own level accepts it."""

    @property
    def outcomes(self) -> list[CaseOutcome]:
        """What came of every case that was judged, the own level first."""
        return [*self.own.outcomes, *(self.lower.outcomes if self.lower else ())]

    @property
    def caught(self) -> bool:
        """Whether any case fails it."""
        return any(outcome.verdict is not Verdict.ACCEPTED for outcome in self.outcomes)

    @property
    def failing(self) -> list[str]:
        """The functions of its level's hidden suite that fail it, in their order."""
        failed = (o for o in failures(self.own) if o.verdict not in BROKEN)
        return list(dict.fromkeys(function_of(outcome) for outcome in failed))


def try_edits(subject: Subject, edits: Sequence[Edit]) -> list[Trial]:
    """Judge each edit by its level's hidden suite, and by the lower ones if that accepts it.

    A mutant, which has no name, is judged no further than its first time limit.
    Raises PackError when an edit does not fit its reference.
    """
    own = _judge_wrong(subject, [_request(subject, edit, (edit.level,)) for edit in edits])
    unnoticed = [
        number
        for number, (edit, judgement) in enumerate(zip(edits, own, strict=True))
        if edit.level > 1 and not failures(judgement)
    ]
    asked = [_request(subject, edits[n], tuple(range(1, edits[n].level))) for n in unnoticed]
    lower = dict(zip(unnoticed, _judge_wrong(subject, asked), strict=True))
    return [
        Trial(edit, judgement, lower.get(number))
        for number, (edit, judgement) in enumerate(zip(edits, own, strict=True))
    ]


def _judge_wrong(subject: Subject, requests: Sequence[Request]) -> list[Judgement]:
    """Judge solutions that are to fail; what accepts one is asked again, in fresh boxes."""
    first = subject.judge_all(requests)
    accepted = [n for n, judgement in enumerate(first) if not failures(judgement)]
    asked = [replace(requests[n], boxes="fresh") for n in accepted]
    again = dict(zip(accepted, subject.judge_all(asked), strict=True))
    return [again.get(number, judgement) for number, judgement in enumerate(first)]


def _request(subject: Subject, edit: Edit, levels: tuple[int, ...]) -> Request:
    return subject.request(subject.edited(edit), levels, stop_at_timeout=not edit.name)
