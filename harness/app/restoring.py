"""Reset and restore files of a workspace without losing their content."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from harness.app.session import (
    Session,
    Sitting,
    complete,
    newest_snapshot,
    require_workspace,
    workspace_of,
)
from harness.attempts import require_open
from harness.errors import RequestError
from harness.model.attempt import AttemptState, Event
from harness.model.frozen import frozen
from harness.model.problem import Snapshot
from harness.words import quoted
from harness.workspace import (
    Workspace,
    default_workspace_dir,
    list_level_files,
    prepare_folder,
)

_UNDO = "undo"


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
    _finish_rewriting(session, sitting)
    if not names:
        complete(session, replace(sitting, state=state))
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
    require_open(session.store.state(sitting.state.id))
    saved = _saved(session, sitting)
    if not saved:
        raise RequestError("Nothing was reset, so there is nothing to undo.", "harness status")
    if _finish_rewriting(session, sitting) and saved[-1].data["why"] == _UNDO:
        before = session.store.snapshot(str(saved[-2].data["snapshot"]))
        return Rewritten(tuple(before.files), str(saved[-1].data["snapshot"]))
    before = session.store.snapshot(str(saved[-1].data["snapshot"]))
    return _rewrite(session, sitting, before, sorted(before.files), _UNDO)


def restore(session: Session, attempt_id: str, directory: Path | None = None) -> Sitting:
    """Write the last known files of an attempt into a new workspace.

    Raises RequestError when its workspace is still there, or the folder cannot become one.
    """
    store = session.store
    state = store.state(attempt_id)
    problem = session.problem(state)
    found = workspace_of(session, state)
    if found is not None and found.editor:
        return complete(session, Sitting(state, found))
    if found is not None:
        raise RequestError(
            f"The workspace of attempt {state.id} is still there: {state.workspace}",
            f"cd {quoted(state.workspace)}",
        )
    snapshot = newest_snapshot(store, state)
    usual = default_workspace_dir(session.settings.workspaces, problem.slug)
    root = prepare_folder(directory or usual, problem)
    state = store.moved(state.id, root)
    workspace = Workspace.create(root, problem, state.id, store.home, snapshot, state.level)
    return complete(session, Sitting(state, workspace))


def _rewrite(
    session: Session, sitting: Sitting, to: Snapshot, names: Sequence[str], why: str
) -> Rewritten:
    """Record the files ``names`` as they are, then replace them by those of ``to``."""
    workspace = require_workspace(sitting)
    now = _read_now(workspace, names)
    chosen = Snapshot(files={name: to.files[name] for name in names})
    saved = _saved(session, sitting)
    if now.hash == chosen.hash and saved:  # what was there before them stays what undo brings back
        return Rewritten(tuple(names), str(saved[-1].data["snapshot"]))
    kept = session.store.saved(sitting.state.id, now, why)
    return Rewritten(tuple(workspace.restore(chosen)), kept)


def _finish_rewriting(session: Session, sitting: Sitting) -> bool:
    """Write what the last reset or undo did not get to; return whether there was anything.

    It was interrupted when each file is either as it was recorded or as it was to be, and not all
    are as they were to be.
    """
    saved = _saved(session, sitting)
    if not saved:
        return False
    workspace, store = require_workspace(sitting), session.store
    recorded = store.snapshot(str(saved[-1].data["snapshot"])).files
    if saved[-1].data["why"] == _UNDO:
        wanted = store.snapshot(str(saved[-2].data["snapshot"])).files
    else:
        starting = resettable(session, sitting).files
        wanted = {name: starting[name] for name in recorded}
    now = _read_now(workspace, wanted).files
    left = {name: content for name, content in wanted.items() if now.get(name) != content}
    if not left or any(now.get(name) != recorded.get(name) for name in left):
        return False
    workspace.restore(Snapshot(files=left))
    return True


def _saved(session: Session, sitting: Sitting) -> list[Event]:
    return [event for event in session.store.events(sitting.state.id) if event.kind == "saved"]


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
