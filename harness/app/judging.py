"""What goes to the judge: which files, which suites, and what was left over from before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.model.judgement import Suite
from harness.model.request import Request
from harness.workspace import solution_files

if TYPE_CHECKING:
    from harness.app.locate import Sitting
    from harness.attempts import AttemptStore
    from harness.model.attempt import AttemptState
    from harness.model.judgement import Judgement
    from harness.model.problem import Problem
    from harness.model.snapshot import Snapshot


def request_for(
    problem: Problem, state: AttemptState, snapshot: Snapshot, suite: Suite, select: str = ""
) -> Request:
    """Return the order to judge ``snapshot`` by the suites of all levels that are open."""
    return Request(
        problem=problem,
        snapshot=solution_files(snapshot),
        suite=suite,
        levels=tuple(range(1, state.level + 1)),
        select=select,
        seed=state.seed,
    )


def left_over(store: AttemptStore, sitting: Sitting, state: AttemptState) -> Snapshot | None:
    """Return the submission that was recorded and never judged, when it is the one to judge now.

    That is so when the files are still the same, or when nothing else can be submitted any more.
    """
    if state.pending_submission is None:
        return None
    pending = store.snapshot(state.pending_submission)
    if state.is_open and sitting.workspace is not None:
        return pending if sitting.workspace.read().hash == pending.hash else None
    return pending


def judged_before(store: AttemptStore, sitting: Sitting, state: AttemptState) -> Judgement | None:
    """Return the judgement of the last submission, when the files and the level are still its own.

    None also when it waits for a judgement: then there is something to do.
    """
    if sitting.workspace is None or state.pending_submission is not None:
        return None
    judged = [e for e in store.judgements(state.id) if e.judgement.suite is Suite.HIDDEN]
    if not judged or judged[-1].level != state.level:
        return None
    last = judged[-1]
    return last.judgement if sitting.workspace.read().hash == last.snapshot else None
