"""Judges edits of references: authored mistakes and generated mutants alike."""

from __future__ import annotations

from collections.abc import Sequence

from harness.authoring.mistakes import Edit
from harness.authoring.outcomes import failed_cases, failures, function_of
from harness.authoring.subject import Subject
from harness.model.frozen import frozen
from harness.model.judgement import CaseOutcome, Judgement, Verdict
from harness.model.problem import Request

BROKEN = frozenset({Verdict.JUDGE_ERROR, Verdict.SKIPPED})
"""Verdicts that say something about the case and nothing about the solution."""


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
        return any(failures(each) for each in (self.own, self.lower) if each)

    @property
    def failing(self) -> list[str]:
        """The functions of its level's hidden suite that fail it, in their order."""
        failed = (o for o in self.own.outcomes if o.verdict not in {Verdict.ACCEPTED, *BROKEN})
        return list(dict.fromkeys(function_of(outcome) for outcome in failed))

    @property
    def catchers(self) -> set[tuple[int, str]]:
        """Level and function of each case that fails it; none when it cannot be imported."""
        judged = (each for each in (self.own, self.lower) if each)
        return {(o.level, function_of(o)) for each in judged for o in failed_cases(each)}


def try_edits(subject: Subject, edits: Sequence[Edit]) -> list[Trial]:
    """Judge each edit by its level's hidden suite, and by the lower ones if that accepts it.

    A mutant, which has no name, is judged no further than its first time limit.
    Raises PackError when an edit does not fit its reference.
    """
    own = subject.judge_all([_request(subject, edit, (edit.level,)) for edit in edits])
    unnoticed = [
        number
        for number, (edit, judgement) in enumerate(zip(edits, own, strict=True))
        if edit.level > 1 and not failures(judgement)
    ]
    asked = [_request(subject, edits[n], tuple(range(1, edits[n].level))) for n in unnoticed]
    lower = dict(zip(unnoticed, subject.judge_all(asked), strict=True))
    return [
        Trial(edit, judgement, lower.get(number))
        for number, (edit, judgement) in enumerate(zip(edits, own, strict=True))
    ]


def _request(subject: Subject, edit: Edit, levels: tuple[int, ...]) -> Request:
    return subject.request(subject.edited(edit), levels, stop_at_timeout=not edit.name)
