"""Start an attempt, work on it by tests and submissions, and end it."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.app.session import (
    Session,
    Sitting,
    bring_back,
    complete,
    reference_copy,
    require_workspace,
    workspace_of,
)
from harness.attempts import (
    Suspensions,
    new_attempt_id,
    require_hintable,
    require_open,
    require_revealable,
    require_running,
)
from harness.catalog.pinning import pin
from harness.errors import CancelledError, RequestError, ResourceError
from harness.model.attempt import AttemptState, Mode
from harness.model.frozen import frozen
from harness.model.judgement import SILENT, Feedback, Judgement, Observer, Suite, Verdict
from harness.model.problem import Problem, Request, Snapshot
from harness.model.score import Score
from harness.workspace import (
    Workspace,
    default_workspace_dir,
    prepare_folder,
    read_skeleton,
    require_editor,
    solution_files,
)

if TYPE_CHECKING:
    from harness.judge.judge import Stop


@frozen
class Statement:
    """What a candidate reads of one level."""

    level: int
    title: str
    text: str
    """Markdown."""


@frozen
class JudgedTests:
    """A run of the visible suites."""

    state: AttemptState
    problem: Problem
    judgement: Judgement
    unsubmitted: bool = False
    """Whether every visible case passed, and these files were not submitted at this level."""


@frozen
class JudgedSubmission:
    """A submission, judged."""

    state: AttemptState
    problem: Problem
    judgement: Judgement
    score: Score
    opened: int | None = None
    """The level that this submission opened."""
    resumed: bool = False
    """Whether it was recorded earlier, and only the judging was made up for."""
    unchanged: bool = False
    """Whether its files are the same as those of the submission before."""
    unwritten: str = ""
    """Why the files of the level that was opened could not be written; empty when they were."""


@frozen
class Hint:
    """What a person sees who asks for a hint."""

    state: AttemptState
    texts: tuple[str, ...]
    """The next hint; all of the level when each was shown before."""
    first: int
    """The number of the first of them."""
    total: int


@frozen
class RevealCost:
    """What it costs to give up the current level."""

    level: int
    points: int
    """What the level is worth now, bonus included."""
    most: int
    """What it could be worth."""
    ends: bool
    """Whether the attempt is over then."""


def start(
    session: Session,
    slug: str,
    *,
    directory: Path | None = None,
    minutes: int | None = None,
    mode: Mode | None = None,
    feedback: Feedback | None = None,
    editor: str | None = None,
) -> Sitting:
    """Start an attempt in a new workspace. Its clock runs from now on.

    A start that was interrupted is finished instead, if it was the same.

    ``directory`` is the workspace, by default a new folder below the settings' ``workspaces``;
    the other defaults are the settings', then the problem's.

    Raises RequestError when there is no such problem, or the folder cannot become a workspace,
    PackError when the problem is broken, ResourceError when the attempt has begun and its workspace
    cannot be written.
    """
    settings = session.settings
    store = session.store  # opened first: without a record no folder is made
    problem = pin(session.catalog.problem(slug), settings.home)
    mode = mode or settings.mode
    feedback = (
        feedback or settings.feedback or (Feedback.NAMES if mode is Mode.EXAM else Feedback.FULL)
    )
    minutes = minutes or settings.minutes or problem.manifest.minutes
    editor = editor or settings.editor
    require_editor(editor)
    asked_root = directory and Path(os.path.realpath(directory))
    for state in store.all():
        asked = (problem.content_hash, mode, feedback, minutes)
        recorded = (state.problem_hash, state.mode, state.feedback, state.minutes)
        if state.is_open and asked == recorded and asked_root in (None, state.workspace):
            workspace = workspace_of(session, state)
            if workspace is not None and workspace.editor:
                return complete(session, Sitting(state, workspace))
    skeleton = read_skeleton(problem)
    root = prepare_folder(directory or default_workspace_dir(settings.workspaces, slug), problem)
    # Recorded first: whoever has seen the statement has an attempt whose clock runs.
    state = store.create(
        problem, mode, feedback, minutes, root, os.urandom(8).hex(), skeleton, new_attempt_id()
    )
    try:
        return Sitting(
            state,
            Workspace.create(root, problem, state.id, settings.home, skeleton, editor=editor),
        )
    except RequestError as error:
        raise ResourceError(
            f"{error.message} Attempt {state.id} has begun, and its clock runs.", error.hint
        ) from error


def level_statement(session: Session, sitting: Sitting, level: int | None = None) -> Statement:
    """Return the statement of ``level``, by default of the current one.

    Raises RequestError when there is no such level, or it is not open yet.
    """
    state = session.store.state(sitting.state.id)
    problem = session.problem(state)
    wanted = state.level if level is None else level
    text = problem.statement(wanted)
    if wanted > state.level and state.is_open:
        raise RequestError(
            f"Level {wanted} is not open yet. You are at level {state.level}.",
            "harness submit",
        )
    bring_back(session, replace(sitting, state=state))
    return Statement(wanted, problem.level(wanted).title, text)


def run_tests(
    session: Session,
    sitting: Sitting,
    select: str = "",
    observer: Observer = SILENT,
    *,
    recorded: bool = True,
    stop: Stop | None = None,
) -> JudgedTests:
    """Run the visible suites of all open levels; ``select`` is a pytest ``-k`` expression.

    Counts as a test run of the candidate when ``recorded``. Raises CancelledError when ``stop`` is
    set; then nothing is recorded, and the clock ran on.

    Raises RequestError when the attempt is over or paused, the files cannot be judged, or
    ``select`` is not such an expression or matches nothing.
    """
    from harness.judge.judge import require_expression

    require_expression(select, "harness test")
    workspace = require_workspace(sitting)
    state = session.store.state(sitting.state.id)
    require_running(state)
    problem = session.problem(state)
    snapshot = workspace.read()
    request = _request_for(problem, state, snapshot, Suite.VISIBLE, select)
    bring_back(session, replace(sitting, state=state))
    judgement = session.judge.judge(request, observer, stop)
    if select and not judgement.outcomes and not judgement.error:
        raise RequestError(f"No visible case matches '{select}'.", "harness test")
    if recorded:
        state = session.store.tested(state.id, snapshot, judgement)
    passed = judgement.verdict is Verdict.ACCEPTED and not select
    unsubmitted = passed and not _is_submitted_here(session, state, snapshot)
    return JudgedTests(state, problem, judgement, unsubmitted)


def prepare(session: Session, sitting: Sitting) -> None:
    """Get the judge ready for the next test run or submission ahead of time."""
    state = session.store.state(sitting.state.id)
    require_running(state)
    problem = session.problem(state)
    nothing_yet = Snapshot(files={})
    session.judge.prepare(*(_request_for(problem, state, nothing_yet, suite) for suite in Suite))


def hint(session: Session, sitting: Sitting) -> Hint:
    """Show the next hint of the current level, and record that.

    Raises RequestError in an exam, and when the attempt is over or paused.
    """
    state = session.store.state(sitting.state.id)
    require_hintable(state)
    hints = session.problem(state).level(state.level).hints
    shown = state.levels[state.level - 1].hints
    if shown >= len(hints):
        return Hint(state, hints, 1, len(hints))
    state = session.store.hint(state.id)
    return Hint(state, (hints[shown],), shown + 1, len(hints))


def submit(
    session: Session,
    sitting: Sitting,
    observer: Observer = SILENT,
    stop: Stop | None = None,
) -> JudgedSubmission:
    """Record the workspace as submitted, then judge it by the hidden suites of all open levels.

    A submission that was recorded earlier and never judged is judged instead, when the files
    are still the same or the attempt is over.

    Raises RequestError when the attempt is over or paused, the files cannot be judged, or
    another process judges this attempt right now. Raises CancelledError when ``stop`` is set: the
    submission stays recorded, to be judged later.
    """
    store, attempt_id = session.store, sitting.state.id
    with store.judging(attempt_id):
        state = store.state(attempt_id)
        before = state.last_submission
        pending = _left_over(session, sitting, state)
        if pending is None:
            require_running(state)
            snapshot = require_workspace(sitting).read()
            state = store.submit(attempt_id, snapshot)
        else:
            snapshot = pending
        waited = 0.0 if pending is None else store.seconds_unjudged(attempt_id)
        result = _judge_recorded(session, sitting, state, snapshot, observer, stop, waited)
    resumed = pending is not None
    return replace(result, resumed=resumed, unchanged=not resumed and snapshot.hash == before)


def _is_submitted_here(session: Session, state: AttemptState, snapshot: Snapshot) -> bool:
    """Return whether the same solution was submitted last, and at the current level."""
    if not state.levels[state.level - 1].submissions or state.last_submission is None:
        return False
    last = session.store.snapshot(state.last_submission)
    return solution_files(last).hash == solution_files(snapshot).hash


def last_submission(session: Session, sitting: Sitting) -> JudgedSubmission | None:
    """Return the last submission when submitting now would only repeat it, else None."""
    state = session.store.state(sitting.state.id)
    if sitting.workspace is None or state.pending_submission is not None:
        return None
    judgements = session.store.judgements(state.id)
    judged = [each for each in judgements if each.judgement.suite is Suite.HIDDEN]
    if not judged or judged[-1].level != state.level:
        return None
    last = judged[-1]
    if sitting.workspace.read().hash != last.snapshot:
        return None
    problem = session.problem(state)
    score = session.score(problem, state)
    return JudgedSubmission(state, problem, last.judgement, score, unchanged=True)


def cost_of_reveal(session: Session, sitting: Sitting) -> RevealCost:
    """Return what :func:`reveal` would cost now. Raises RequestError where it is not possible."""
    state = session.store.state(sitting.state.id)
    require_revealable(state)
    worth = session.score(session.problem(state), state).of_level(state.level)
    is_last = state.level == len(state.levels)
    return RevealCost(state.level, worth.total, worth.max_total, is_last)


def reveal(session: Session, sitting: Sitting) -> tuple[AttemptState, tuple[Path, ...]]:
    """Give up the current level for its reference and go on with the next (practice only).

    Return the new state, and the files of the reference: beside the statements, from where they
    are never submitted.

    Raises RequestError when in an exam, and when the attempt is over or paused.
    """
    workspace = require_workspace(sitting)
    before = session.store.state(sitting.state.id)
    require_revealable(before)
    problem = session.problem(before)
    reference = reference_copy(problem, before.level)
    workspace.require_room(reference)  # checked first: giving up a level cannot be undone
    state = session.store.reveal(before.id)
    if state.level > before.level:
        workspace.open_level(problem, state.level)
    return state, tuple(workspace.root / name for name in workspace.restore(reference))


def finish(session: Session, sitting: Sitting, observer: Observer = SILENT) -> AttemptState:
    """End the attempt. A last submission that was never judged is judged first.

    Raises RequestError when the attempt is over or being judged. When the judge fails, the attempt
    ends all the same: ``submit`` judges the last submission later.
    """
    store, attempt_id = session.store, sitting.state.id
    with store.judging(attempt_id):
        state = store.state(attempt_id)
        require_open(state)
        if state.pending_submission is not None:
            snapshot = store.snapshot(state.pending_submission)
            waited = store.seconds_unjudged(attempt_id)
            state = _judge_recorded(
                session, sitting, state, snapshot, observer, waited=waited
            ).state
        return store.finish(attempt_id) if state.is_open else state


def _judge_recorded(
    session: Session,
    sitting: Sitting,
    state: AttemptState,
    snapshot: Snapshot,
    observer: Observer,
    stop: Stop | None = None,
    waited: float = 0.0,
) -> JudgedSubmission:
    """Judge a recorded submission, record the judgement, and open the level it earned.

    ``waited``: for how long nothing has judged it, which is charged.
    """
    problem = session.problem(state)
    request = _request_for(problem, state, snapshot, Suite.HIDDEN)
    begun = time.monotonic()
    with Suspensions() as suspended:
        try:
            judgement = session.judge.judge(request, observer, stop)
        except (CancelledError, KeyboardInterrupt):
            seconds = time.monotonic() - begun
            away = suspended.seconds + waited
            session.store.cancelled(state.id, snapshot.hash, seconds, away)
            raise
        # What was judged meanwhile is not charged, as if the person had waited for it.
        judged = sum(each.seconds for each in judgement.outcomes)
        idle = max(0.0, time.monotonic() - begun - judged)
        away = min(suspended.seconds, idle) + waited
        after = session.store.judged(state.id, snapshot.hash, judgement, away)
    opened = after.level if after.level > state.level else None
    unwritten = ""
    if opened is not None and sitting.workspace is not None:
        try:
            sitting.workspace.open_level(problem, opened)
        except RequestError as error:  # the verdict stands; `statement` writes what is missing
            unwritten = error.message
    session.plugins.judged(after, judgement)
    score = session.score(problem, after)
    return JudgedSubmission(after, problem, judgement, score, opened, unwritten=unwritten)


def _request_for(
    problem: Problem, state: AttemptState, snapshot: Snapshot, suite: Suite, select: str = ""
) -> Request:
    """Return the request to judge ``snapshot`` by the suites of all open levels."""
    return Request(
        problem=problem,
        snapshot=solution_files(snapshot),
        suite=suite,
        levels=tuple(range(1, state.level + 1)),
        select=select,
        seed=state.seed,
        boxes="shared" if suite is Suite.VISIBLE else "fresh",
        # The clock of an exam stands still while the judge is broken: a choice must not break it.
        any_backend=state.mode is Mode.EXAM,
    )


def _left_over(session: Session, sitting: Sitting, state: AttemptState) -> Snapshot | None:
    """Return the submission that was recorded and never judged, if it is the one to judge now.

    It is when the files are still the same, or when nothing else can be submitted any more.
    """
    if state.pending_submission is None:
        return None
    pending = session.store.snapshot(state.pending_submission)
    if state.is_open and sitting.workspace is not None:
        return pending if sitting.workspace.read().hash == pending.hash else None
    return pending
