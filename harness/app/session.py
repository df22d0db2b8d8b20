"""What the use cases work with, and the attempt that a command is about."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from harness.attempts import AttemptStore, Clock, read_clocks
from harness.catalog.pinning import pinned
from harness.errors import HarnessError, RequestError, StateError
from harness.model.frozen import frozen
from harness.model.problem import Problem, Snapshot
from harness.plugins import PluginHost, load_plugins
from harness.reports.standings import default_score
from harness.settings import NO_HOME
from harness.words import quoted
from harness.workspace import Workspace, find_workspace, is_bare
from harness.workspace.folder import has_pointer

if TYPE_CHECKING:
    from harness.catalog.catalog import Catalog
    from harness.judge.judge import Judge
    from harness.judge.spawn import Child
    from harness.model.attempt import AttemptState
    from harness.model.score import Score
    from harness.settings import Settings


class Session:
    """Settings, plugins, problems, record and judge; the last three are made at their first use.

    ``plugins`` are by default those of the installation. ``prepared`` is the judge's child when
    that was started early; ``clock`` replaces the clocks of the machine.
    """

    def __init__(
        self,
        settings: Settings,
        plugins: PluginHost | None = None,
        *,
        prepared: Child | None = None,
        clock: Clock = read_clocks,
    ) -> None:
        self.settings = settings
        self.plugins = load_plugins() if plugins is None else plugins
        self._prepared = prepared
        self._clock = clock

    @cached_property
    def catalog(self) -> Catalog:
        """All problems of all packs."""
        from harness.catalog.catalog import Catalog  # commands on an attempt do without

        return Catalog.discover(self.settings, self.plugins)

    @cached_property
    def store(self) -> AttemptStore:
        """The record of attempts; created when missing. The plugins observe its events.

        Raises RequestError when there is no home folder, StateError when it cannot be used.
        """
        if self.settings.home == NO_HOME:
            raise RequestError(
                "There is no folder for the record of attempts: HOME is not set, and the system "
                "does not know this user.",
                "export HARNESS_HOME=FOLDER",
            )
        return AttemptStore.open(self.settings.home, self._clock, self.plugins.attempt_event)

    @cached_property
    def judge(self) -> Judge:
        """The judge."""
        from harness.judge.judge import Judge  # most commands do not judge

        return Judge(
            backend=self.settings.backend,
            cache=self.settings.home / "cache",
            prepared=self._prepared,
        )

    def problem(self, state: AttemptState) -> Problem:
        """The very problem that an attempt began with.

        Raises StateError when the kept copy is missing or damaged.
        """
        return pinned(self.settings.home, state.problem_hash)

    def score(self, problem: Problem, state: AttemptState) -> Score:
        """What an attempt is worth now: as a plugin says, else by the default rule."""
        # Reading all judgements takes time, and the default rule needs none.
        if not self.plugins.names:
            return default_score(problem, state)
        judgements = self.store.judgements(state.id)
        return self.plugins.score(problem, state, judgements) or default_score(problem, state)

    def close(self) -> None:
        """Close the record and end the judge's processes."""
        if "judge" in self.__dict__:
            self.judge.close()
        elif self._prepared is not None:
            self._prepared.close()
        if "store" in self.__dict__:
            self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


@frozen
class Sitting:
    """An attempt, and the workspace it was found by."""

    state: AttemptState
    workspace: Workspace | None
    """None when the attempt was named by id and its workspace is gone."""
    unwritten: RequestError | None = None
    """Why files that are missing in the workspace could not be written."""


def find(session: Session, attempt_id: str | None, start: Path) -> Sitting:
    """Return the attempt ``attempt_id``, or the one whose workspace contains ``start``.

    A workspace that was moved is recorded at its new place, and files that are missing because a
    command was killed, or because they were deleted, are written.

    Raises RequestError when there is no such attempt, or ``start`` is in no workspace, or in one
    of another record of attempts.
    """
    sitting = _find(session, attempt_id, start)
    try:
        return complete(session, sitting)
    except RequestError as error:  # many commands do without
        return replace(sitting, unwritten=error)
    except StateError:  # so do some without the copy of the problem
        return sitting


def complete(session: Session, sitting: Sitting) -> Sitting:
    """Write what a workspace has to hold at least, and lacks.

    That is all first files while not all were written, and the files of levels and of references
    that were revealed. Raises RequestError when the folder cannot be written.
    """
    state, workspace = sitting.state, sitting.workspace
    if workspace is None:
        return sitting
    revealed = [level.number for level in state.levels if level.revealed]
    if not workspace.editor and not revealed and not workspace.lacks_levels(state.level):
        return sitting
    problem = session.problem(state)
    if workspace.editor:
        snapshot = newest_snapshot(session.store, state)
        workspace = workspace.complete(problem, snapshot, state.level)
    for number in range(1, state.level + 1):
        workspace.open_level(problem, number)
    for number in revealed:
        copy = reference_copy(problem, number)
        if not all((workspace.root / name).is_file() for name in copy.files):
            workspace.restore(copy)
    return Sitting(state, workspace)


def bring_back(session: Session, sitting: Sitting) -> None:
    """Do the same where it is possible, for what does not depend on those files."""
    with suppress(RequestError):
        complete(session, sitting)


def reference_copy(problem: Problem, level: int) -> Snapshot:
    """Return a level's reference as it lies in a workspace: beside the statements."""
    folder = f"statements/level{level}_reference"
    files = problem.reference(level).files
    return Snapshot(files={f"{folder}/{name}": content for name, content in files.items()})


def newest_snapshot(store: AttemptStore, state: AttemptState) -> Snapshot:
    """Return the newest recorded files: tested, submitted, or the skeleton."""
    judged = [each.snapshot for each in store.judgements(state.id)]
    known = [state.template_snapshot, *judged]
    if state.pending_submission is not None:
        known.append(state.pending_submission)
    return store.snapshot(known[-1])


def workspace_of(session: Session, state: AttemptState) -> Workspace | None:
    """Return the workspace of an attempt where it was recorded; None when it is gone.

    An empty folder there is one that was recorded and not written yet.
    """
    found = workspace_at(state.workspace, state.id)
    if found is not None or not state.is_open:
        return found
    try:
        if not is_bare(state.workspace):
            return None
    except OSError:
        return None
    module = session.problem(state).manifest.module
    home, editor = session.store.home, session.settings.editor
    return Workspace(state.workspace, state.id, home, module, editor)


def workspace_at(folder: Path, attempt_id: str) -> Workspace | None:
    """Return the workspace in ``folder``, when that is the one of this attempt."""
    try:
        found = find_workspace(folder)
    except RequestError:
        return None
    return found if found.attempt_id == attempt_id and found.root == folder else None


def require_workspace(sitting: Sitting) -> Workspace:
    """Return the workspace of an attempt.

    Raises RequestError when it is gone, or lacks files that it began with.
    """
    if sitting.workspace is None:
        state = sitting.state
        raise RequestError(
            f"The workspace of attempt {state.id} is gone: {state.workspace}",
            f"harness restore {state.id}",
        )
    if sitting.workspace.editor and sitting.unwritten is not None:
        raise sitting.unwritten
    return sitting.workspace


def _find(session: Session, attempt_id: str | None, start: Path) -> Sitting:
    store = session.store
    if attempt_id is not None:
        state = store.state(attempt_id)
        return Sitting(state, workspace_of(session, state))
    workspace = _workspace_above(session, start)
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


def _workspace_above(session: Session, start: Path) -> Workspace:
    """Search upwards; the error's hint leads to the newest open attempt."""
    try:
        return find_workspace(start)
    except RequestError as error:
        if any(has_pointer(folder) for folder in (start, *start.parents)):
            raise  # the workspace is damaged
        try:
            known = [state for state in session.store.all() if state.is_open]
        except HarnessError:
            known = []  # the workspace is what the user asked for, not the record
        for state in known:
            if start.resolve().is_relative_to(state.workspace):
                interrupted = workspace_of(session, state)
                if interrupted is not None:
                    return interrupted
        if not known:
            raise
        newest = known[0]
        is_there = workspace_at(newest.workspace, newest.id) is not None
        way = f"cd {quoted(newest.workspace)}" if is_there else f"harness restore {newest.id}"
        raise RequestError(error.message, way) from error
