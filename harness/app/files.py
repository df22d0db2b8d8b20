"""Reset and restore files of a workspace without losing their content."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.app.finding import require_workspace, workspace_at
from harness.app.results import Rewritten, Sitting
from harness.errors import RequestError
from harness.model.judgement import Suite
from harness.model.snapshot import Snapshot
from harness.model.verdict import Verdict
from harness.words import quoted
from harness.workspace import Workspace

if TYPE_CHECKING:
    from harness.attempts import AttemptStore
    from harness.model.attempt import AttemptState
    from harness.model.problem import Problem


def reset_files(store: AttemptStore, sitting: Sitting, names: Sequence[str]) -> Rewritten:
    """Put ``names`` (all when empty) back as they were handed out.

    Raises RequestError when one of them was not handed out, or the attempt is over.
    """
    handed_out = store.snapshot(sitting.state.template_snapshot)
    for name in names:
        if name not in handed_out.files:
            known = ", ".join(sorted(handed_out.files))
            raise RequestError(
                f"'{name}' is not one of the starting files, so it cannot be reset. "
                f"Starting files: {known}.",
                "harness reset",
            )
    return _rewrite(store, sitting, handed_out, names or sorted(handed_out.files), "reset")


def undo_reset(store: AttemptStore, sitting: Sitting) -> Rewritten:
    """Put the files that were rewritten last back as they were before that.

    Raises RequestError when none was, or the attempt is over.
    """
    saved = [event for event in store.events(sitting.state.id) if event.kind == "saved"]
    if not saved:
        raise RequestError("Nothing was reset, so there is nothing to undo.", "harness status")
    before = store.snapshot(str(saved[-1].data["snapshot"]))
    return _rewrite(store, sitting, before, sorted(before.files), "undo")


def restore_workspace(
    store: AttemptStore, problem: Problem, state: AttemptState, root: Path
) -> Workspace:
    """Lay out ``root`` as the workspace of an attempt, with its files as last recorded.

    Raises RequestError when its workspace is still there, or ``root`` cannot become one.
    """
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
    return workspace


def complete_workspace(workspace: Workspace, problem: Problem, state: AttemptState) -> None:
    """Write what of the current level, and of the references that were revealed, is missing."""
    workspace.open_level(problem, state.level)
    for level in state.levels:
        if level.revealed:
            names = _reference_copy(problem, level.number).files
            if not all((workspace.root / name).is_file() for name in names):
                write_reference(workspace, problem, level.number)


def require_room_for_reference(workspace: Workspace, problem: Problem, level: int) -> None:
    """Raise RequestError when a level's reference could not be written."""
    copies = _reference_copy(problem, level).files
    workspace.require_room(f"statements/level{level}_reference", sum(map(len, copies.values())))


def write_reference(workspace: Workspace, problem: Problem, level: int) -> tuple[Path, ...]:
    """Write a level's reference beside the statements and return where its files are."""
    written = workspace.restore(_reference_copy(problem, level))
    return tuple(workspace.root / name for name in written)


def _reference_copy(problem: Problem, level: int) -> Snapshot:
    from harness.catalog import read_reference

    reference = read_reference(problem, level).files
    folder = f"statements/level{level}_reference"
    return Snapshot(files={f"{folder}/{name}": content for name, content in reference.items()})


def changed_since_submission(
    store: AttemptStore, workspace: Workspace | None, state: AttemptState
) -> tuple[str, ...]:
    """Name the files that differ from the last submission (from the skeleton, before the first).

    Files that cannot be read are for ``submit`` to complain about; here they count as unchanged.
    """
    if workspace is None:
        return ()
    before = store.snapshot(state.last_submission or state.template_snapshot).files
    try:
        now = workspace.read().files
    except RequestError:
        return ()
    return tuple(name for name in sorted({*before, *now}) if before.get(name) != now.get(name))


def passed_as_it_is(
    store: AttemptStore, workspace: Workspace | None, state: AttemptState
) -> bool | None:
    """Tell whether the files as they are passed the visible suites of the open levels.

    None when nothing was run since the current level opened.
    """
    runs = [each for each in store.judgements(state.id) if each.level == state.level]
    if not runs:
        return None
    tests = [each for each in runs if each.judgement.suite is Suite.VISIBLE]
    if not tests or workspace is None or tests[-1].judgement.verdict is not Verdict.ACCEPTED:
        return False
    try:
        return workspace.read().hash == tests[-1].snapshot
    except RequestError:
        return False


def _newest_snapshot(store: AttemptStore, state: AttemptState) -> Snapshot:
    """Return the last state of all files that the record knows."""
    judged = [each.snapshot for each in store.judgements(state.id)]
    known = [state.template_snapshot, *judged]
    if state.pending_submission is not None:
        known.append(state.pending_submission)
    return store.snapshot(known[-1])


def _rewrite(
    store: AttemptStore, sitting: Sitting, to: Snapshot, names: Sequence[str], why: str
) -> Rewritten:
    """Keep the files ``names`` as they are, then write them as they are in ``to``."""
    workspace = require_workspace(sitting)
    kept = store.saved(sitting.state.id, _read_now(workspace, names), why)
    return Rewritten(tuple(workspace.restore(to, names)), kept)


def _read_now(workspace: Workspace, names: Iterable[str]) -> Snapshot:
    """Read just these files: one that is missing or unfit elsewhere must not stop a reset.

    A link is not read: putting the file back replaces the link, and loses nothing.
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
