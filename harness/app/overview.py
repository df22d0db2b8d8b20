"""Look at attempts without changing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.app.session import Session, Sitting
from harness.errors import HarnessError, RequestError, StateError
from harness.model.attempt import AttemptState
from harness.model.frozen import frozen
from harness.model.judgement import Feedback, Suite, Verdict
from harness.model.problem import Problem, is_solution_file
from harness.model.score import Score

if TYPE_CHECKING:
    from harness.reports.attempt_report import AttemptReport


@frozen
class Standing:
    """Where an attempt stands."""

    state: AttemptState
    problem: Problem
    score: Score
    unsubmitted: tuple[str, ...]
    """Files of the solution that differ from the last submission (before it: the skeleton)."""
    tested: bool | None
    """Whether these very files passed the visible suites; None when nothing ran at this level."""


def standing(session: Session, sitting: Sitting) -> Standing:
    """Return where the attempt stands now."""
    state = session.store.state(sitting.state.id)
    try:
        now = sitting.workspace.read() if sitting.workspace else None
    except RequestError:
        now = None  # `test` and `submit` report what is wrong with the workspace
    unsubmitted: list[str] = []
    if now is not None:
        before = session.store.snapshot(state.last_submission or state.template_snapshot).files
        names = sorted(filter(is_solution_file, {*before, *now.files}))
        unsubmitted = [name for name in names if before.get(name) != now.files.get(name)]
    tested = None
    runs = [each for each in session.store.judgements(state.id) if each.level == state.level]
    if runs:
        visible = [each for each in runs if each.judgement.suite is Suite.VISIBLE]
        passed = bool(visible) and visible[-1].judgement.verdict is Verdict.ACCEPTED
        tested = passed and now is not None and now.hash == visible[-1].snapshot
    problem = session.problem(state)
    return Standing(state, problem, session.score(problem, state), tuple(unsubmitted), tested)


def report(session: Session, attempt_id: str) -> AttemptReport:
    """Return the whole story of an attempt; with editorial and reference once it is over."""
    from harness.reports.attempt_report import attempt_report  # with difflib: not for `status`

    store = session.store
    state = store.state(attempt_id)
    problem = session.problem(state)
    judgements = store.judgements(state.id)
    hashes = {state.template_snapshot, state.last_submission}
    hashes.update(e.snapshot for e in judgements if e.judgement.suite is Suite.HIDDEN)
    return attempt_report(
        problem,
        state,
        judgements,
        {each: store.snapshot(each) for each in hashes if each},
        score=session.score(problem, state),
    )


def history(
    session: Session,
) -> tuple[list[tuple[AttemptState, Score | None]], list[StateError]]:
    """Return all attempts, newest first, and an error for each that cannot be read.

    The score is None when the problem is no longer kept.
    """
    past: list[tuple[AttemptState, Score | None]] = []
    states, damaged = session.store.all_and_damaged()
    problems: dict[str, Problem] = {}
    """By their hashes: most attempts are at one of a few."""
    for state in states:
        try:
            if state.problem_hash not in problems:
                problems[state.problem_hash] = session.problem(state)
            past.append((state, session.score(problems[state.problem_hash], state)))
        except HarnessError:
            past.append((state, None))
    return past, damaged


def export(session: Session, attempt_id: str) -> dict[str, object]:
    """Return all that can be read of an attempt, as plain data; ``problems`` says what cannot.

    Raises RequestError when it is open and must not show all of that yet.
    """
    store = session.store
    try:
        state = store.state(attempt_id)
    except StateError:
        # A damaged record does not say whether the attempt is over and may show its judgements.
        return store.export(attempt_id, judgements=False)
    if state.is_open and state.feedback is not Feedback.FULL:
        raise RequestError(
            f"Attempt {state.id} is open, and its export holds more than its feedback "
            f"({state.feedback}) may show.",
            "harness status",
        )
    return store.export(attempt_id)
