"""Find the attempt that a command is about, and its workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import HarnessError, RequestError
from harness.model.frozen import frozen
from harness.words import quoted
from harness.workspace import Workspace, find_workspace
from harness.workspace.folder import has_pointer

if TYPE_CHECKING:
    from harness.app.session import Session
    from harness.attempts import AttemptStore
    from harness.model.attempt import AttemptState


@frozen
class Sitting:
    """An attempt, and the workspace it was found by."""

    state: AttemptState
    workspace: Workspace | None
    """None when the attempt was named by id and its workspace is gone."""


def find(session: Session, attempt_id: str | None, start: Path) -> Sitting:
    """Return the attempt named ``attempt_id``, else the one whose workspace contains ``start``.

    A workspace that was moved is recorded at its new place.

    Raises RequestError when there is no such attempt, or ``start`` is in no workspace, or in one
    of another record of attempts.
    """
    store = session.store
    if attempt_id is not None:
        state = store.state(attempt_id)
        return Sitting(state, workspace_at(state.workspace, state.id))
    workspace = _workspace_above(store, start)
    try:
        state = store.state(workspace.attempt_id)
    except RequestError:
        if workspace.home == store.home:
            raise
        # Not followed automatically: the author of this folder may have made that record, too.
        raise RequestError(
            f"The workspace {workspace.root} belongs to the record of attempts in "
            f"{workspace.home}, not to the one in use: {store.home}",
            f"harness --home {quoted(workspace.home)} status",
        ) from None
    # A copy beside the original is not a move.
    if workspace.root != state.workspace and workspace_at(state.workspace, state.id) is None:
        state = store.moved(state.id, workspace.root)
    return Sitting(state, workspace)


def workspace_at(folder: Path, attempt_id: str) -> Workspace | None:
    """Return the workspace in ``folder``, when that is the one of this attempt."""
    try:
        found = find_workspace(folder)
    except RequestError:
        return None
    return found if found.attempt_id == attempt_id and found.root == folder else None


def require_workspace(sitting: Sitting) -> Workspace:
    """Return the workspace of an attempt.

    Raises RequestError when it is gone.
    """
    if sitting.workspace is None:
        state = sitting.state
        raise RequestError(
            f"The workspace of attempt {state.id} is gone: {state.workspace}",
            f"harness restore {state.id}",
        )
    return sitting.workspace


def _workspace_above(store: AttemptStore, start: Path) -> Workspace:
    """Search upwards; the error's hint names the newest open attempt."""
    try:
        return find_workspace(start)
    except RequestError as error:
        newest = _newest_open(store)
        is_damaged = any(has_pointer(folder) for folder in (start, *start.parents))
        if newest is None or is_damaged:
            raise
        raise RequestError(error.message, _way_to(newest)) from error


def _newest_open(store: AttemptStore) -> AttemptState | None:
    try:
        return next((state for state in store.all() if state.is_open), None)
    except HarnessError:
        return None  # the caller reports the workspace, not the record


def _way_to(state: AttemptState) -> str:
    if workspace_at(state.workspace, state.id) is None:
        return f"harness restore {state.id}"
    return f"cd {quoted(state.workspace)}"
