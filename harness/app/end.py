"""Give up a level, or end an attempt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harness.app.locate import Sitting, require_workspace
from harness.app.restoring import require_room_for_reference, write_reference
from harness.app.work import judge_recorded
from harness.attempts.permissions import require_open, require_revealable
from harness.model.judgement import SILENT, Observer

if TYPE_CHECKING:
    from harness.app.session import Session
    from harness.model.attempt import AttemptState


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
    # Checked first, because giving up a level cannot be undone.
    require_room_for_reference(workspace, problem, before.level)
    with session.notifying_plugins(before.id):
        state = session.store.reveal(before.id)
    if state.level > before.level:
        workspace.open_level(problem, state.level)
    return state, write_reference(workspace, problem, before.level)


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
            with session.notifying_plugins(attempt_id):
                result = judge_recorded(session, sitting, state, snapshot, observer)
            session.plugins.judged(result.state, result.judgement)
            state = result.state
        if not state.is_open:
            return state
        with session.notifying_plugins(attempt_id):
            return store.finish(attempt_id)
