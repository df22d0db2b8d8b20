"""Gathers what the report of an attempt is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.catalog import read_debrief
from harness.errors import RequestError
from harness.model.judgement import Feedback, Suite
from harness.reports.attempt_report import attempt_report

if TYPE_CHECKING:
    from harness.attempts import AttemptStore
    from harness.model.attempt import AttemptState
    from harness.model.problem import Problem
    from harness.model.score import Score
    from harness.reports.attempt_report import AttemptReport


def report_of(
    store: AttemptStore, problem: Problem, state: AttemptState, score: Score
) -> AttemptReport:
    """Return the report; what only may be read after the end is in it once the attempt is over."""
    judgements = store.judgements(state.id)
    hashes = {state.template_snapshot, state.last_submission}
    hashes.update(e.snapshot for e in judgements if e.judgement.suite is Suite.HIDDEN)
    return attempt_report(
        problem,
        state,
        judgements,
        {each: store.snapshot(each) for each in hashes if each},
        score=score,
        debrief=None if state.is_open else read_debrief(problem, state.level),
    )


def require_exportable(state: AttemptState) -> None:
    """Raise RequestError when all that is recorded must not be shown yet."""
    if state.is_open and state.feedback is not Feedback.FULL:
        raise RequestError(
            f"Attempt {state.id} is open, and its export holds more than its feedback "
            f"({state.feedback}) may show.",
            "harness finish",
        )
