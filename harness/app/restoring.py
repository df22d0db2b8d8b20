"""Reset and restore files of a workspace without losing their content."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from harness.app.session import Session, Sitting, require_workspace, workspace_at
from harness.attempts import AttemptStore, require_open
from harness.errors import RequestError
from harness.model.attempt import AttemptState
from harness.model.frozen import frozen
from harness.model.problem import Problem, Snapshot
from harness.words import quoted
from harness.workspace import Workspace, default_workspace_dir, list_level_files


@frozen
class Rewritten:
    """Files that were reset or restored."""

    names: tuple[str, ...]
    kept: str
    """Hash of the snapshot taken before."""


def reset(session: Session, sitting: Sitting, names: Sequence[str] = ()) -> Rewritten:
    """Reset files to their starting version; all of them when ``names`` is empty.

    The files as they are now are kept first, for ``undo``.

    Deleted statements and visible suites come back with all files; by name, these can be reset,
    too. Raises RequestError as :func:`resettable` does.
    """
    state = session.store.state(sitting.state.id)
    starting = resettable(session, sitting, names)
    if not names:
        complete_workspace(require_workspace(sitting), session.problem(state), state)
        names = _starting_names(session, state)
    return _rewrite(session, sitting, starting, names, "reset")


def resettable(session: Session, sitting: Sitting, names: Sequence[str] = ()) -> Snapshot:
    """Return all files that can be reset, as they were at first.

    Raises RequestError when one of ``names`` is none of them, or the attempt is over.
    """
    state = session.store.state(sitting.state.id)
    require_open(state)
    starting = dict(session.store.snapshot(state.template_snapshot).files)
    problem = session.problem(state)
    for level in range(1, state.level + 1):
        starting |= list_level_files(problem, level)
    for name in names:
        if name not in starting:
            raise RequestError(
                f"'{name}' is not one of the starting files, so it cannot be reset. "
                f"Starting files: {', '.join(_starting_names(session, state))}.",
                "harness reset",
            )
    return Snapshot(files=starting)


def _starting_names(session: Session, state: AttemptState) -> list[str]:
    """Return the names of the candidate's own files at the start."""
    return sorted(session.store.snapshot(state.template_snapshot).files)


def undo(session: Session, sitting: Sitting) -> Rewritten:
    """Bring back the files as they were before the last reset; once more undoes the undo.

    Raises RequestError when nothing was reset, or the attempt is over.
    """
    saved = [event for event in session.store.events(sitting.state.id) if event.kind == "saved"]
    if not saved:
        raise RequestError("Nothing was reset, so there is nothing to undo.", "harness status")
    before = session.store.snapshot(str(saved[-1].data["snapshot"]))
    return _rewrite(session, sitting, before, sorted(before.files), "undo")


def restore(session: Session, attempt_id: str, directory: Path | None = None) -> Sitting:
    """Write the last known files of an attempt into a new workspace.

    Raises RequestError when its workspace is still there, or the folder cannot become one.
    """
    store = session.store
    state = store.state(attempt_id)
    problem = session.problem(state)
    root = directory or default_workspace_dir(session.settings.workspaces, problem.slug)
    if workspace_at(state.workspace, state.id) is not None:
        raise RequestError(
            f"The workspace of attempt {state.id} is still there: {state.workspace}",
            f"cd {quoted(state.workspace)}",
        )
    snapshot = _newest_snapshot(store, state)
    workspace = Workspace.create(root, problem, state.id, store.home)
    for level in range(2, state.level + 1):
        workspace.open_level(problem, level)
    workspace.restore(snapshot)
    return Sitting(store.moved(state.id, workspace.root), workspace)


def bring_back_files(workspace: Workspace, problem: Problem, state: AttemptState) -> None:
    """Write missing statements and visible suites, where that is possible."""
    with suppress(RequestError):  # the work does not depend on them
        for level in range(1, state.level + 1):
            workspace.open_level(problem, level)


def complete_workspace(workspace: Workspace, problem: Problem, state: AttemptState) -> None:
    """Write missing files of all open levels and of revealed references."""
    for number in range(1, state.level + 1):
        workspace.open_level(problem, number)
    for level in state.levels:
        if level.revealed:
            copy = reference_copy(problem, level.number)
            if not all((workspace.root / name).is_file() for name in copy.files):
                workspace.restore(copy)


def reference_copy(problem: Problem, level: int) -> Snapshot:
    """Return a level's reference as it lies in a workspace: beside the statements."""
    folder = f"statements/level{level}_reference"
    files = problem.reference(level).files
    return Snapshot(files={f"{folder}/{name}": content for name, content in files.items()})


def _newest_snapshot(store: AttemptStore, state: AttemptState) -> Snapshot:
    """Return the newest recorded files: tested, submitted, or the skeleton."""
    judged = [each.snapshot for each in store.judgements(state.id)]
    known = [state.template_snapshot, *judged]
    if state.pending_submission is not None:
        known.append(state.pending_submission)
    return store.snapshot(known[-1])


def _rewrite(
    session: Session, sitting: Sitting, to: Snapshot, names: Sequence[str], why: str
) -> Rewritten:
    """Record the files ``names`` as they are, then replace them by those of ``to``."""
    workspace = require_workspace(sitting)
    kept = session.store.saved(sitting.state.id, _read_now(workspace, names), why)
    chosen = Snapshot(files={name: to.files[name] for name in names})
    return Rewritten(tuple(workspace.restore(chosen)), kept)


def _read_now(workspace: Workspace, names: Iterable[str]) -> Snapshot:
    """Read these files only: an unfit file elsewhere must not stop a reset.

    A link is not read: the reset replaces the link and loses nothing.
    """
    files = {}
    for name in names:
        path = workspace.root / name
        try:
            if path.is_file() and not path.is_symlink():
                files[name] = path.read_bytes()
        except OSError as error:
            raise RequestError(
                f"{path} cannot be saved for undo: {error.strerror}. Nothing was changed.",
                "harness status",
            ) from None
    return Snapshot(files=files)
