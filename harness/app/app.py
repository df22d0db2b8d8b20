"""The composition root: one method per use case, data in, data out, nothing printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from harness.app.results import (
    Past,
    Revealed,
    Rewritten,
    Sitting,
    Standing,
    Started,
    StartRequest,
    Statement,
    Submitted,
    Tested,
)
from harness.errors import HarnessError, RequestError, StateError
from harness.model.attempt import AttemptState, Mode
from harness.model.judgement import Feedback, Suite
from harness.model.observer import SILENT, Observer
from harness.model.problem import Problem
from harness.model.snapshot import Snapshot

if TYPE_CHECKING:
    from harness.app.diagnosis import Diagnosis
    from harness.app.ports import JudgePort
    from harness.app.record import AttemptRecord
    from harness.attempts import AttemptStore, Clock
    from harness.catalog import Catalog
    from harness.judge.worker import Worker
    from harness.model.problem import BrokenProblem
    from harness.model.score import Score
    from harness.plugins import PluginHost
    from harness.reports.attempt_report import AttemptReport
    from harness.settings import Settings


class App:
    """The use cases. Each collaborator is made when a use case first needs it.

    ``prepared`` is the judge's child when that was started early; ``judge`` replaces the real
    judge, ``clock`` the clocks of the machine, ``plugins`` those of the installation.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        prepared: Worker | None = None,
        judge: JudgePort | None = None,
        clock: Clock | None = None,
        plugins: PluginHost | None = None,
    ) -> None:
        self.settings = settings
        self._given_plugins = plugins
        self._prepared = prepared
        self._given_judge = judge
        self._clock = clock

    # -- collaborators

    @cached_property
    def plugins(self) -> PluginHost:
        """The plugins of this installation."""
        from harness.plugins import load_plugins

        return self._given_plugins or load_plugins()

    @cached_property
    def catalog(self) -> Catalog:
        """All problems of all packs."""
        from harness.catalog import Catalog

        return Catalog.discover(self.settings, self.plugins)

    @cached_property
    def store(self) -> AttemptStore:
        """The record of attempts; opened, and made when missing, at first use."""
        from harness.attempts import AttemptStore, SystemClock

        return AttemptStore.open(self.settings.home, self._clock or SystemClock())

    @property
    def record(self) -> AttemptRecord:
        """What concerns the record as a whole, and as files."""
        from harness.app.record import AttemptRecord

        return AttemptRecord(self.store)

    @cached_property
    def judge(self) -> JudgePort:
        """The judge."""
        if self._given_judge is not None:
            return self._given_judge
        from harness.judge.judge import Judge

        return Judge(
            backend=self.settings.backend,
            cache=self.settings.home / "cache",
            prepared=self._prepared,
        )

    def close(self) -> None:
        """Let go of the record and of the judge's processes."""
        if "judge" in self.__dict__:
            self.judge.close()
        elif self._prepared is not None:
            self._prepared.close()
        if "store" in self.__dict__:
            self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- finding

    def problems(self) -> list[Problem | BrokenProblem]:
        """All problems by name; a broken one is among them with what is wrong with it."""
        return self.catalog.problems()

    def problem(self, state: AttemptState) -> Problem:
        """The very problem that an attempt began with.

        Raises StateError when the kept copy is missing or damaged.
        """
        from harness.catalog import pinned

        return pinned(self.settings.home, state.problem_hash)

    def find(self, attempt_id: str | None, start: Path) -> Sitting:
        """The attempt named ``attempt_id``, else the one whose workspace contains ``start``.

        A workspace that was moved is recorded at its new place.

        Raises RequestError when there is no such attempt, or ``start`` is in no workspace.
        """
        from harness.app.finding import find_above, find_by_id

        if attempt_id is not None:
            return find_by_id(self.store, attempt_id)
        return find_above(self.store, start)

    # -- beginning

    def start(self, request: StartRequest) -> Started:
        """Begin an attempt in a new workspace. Its clock runs from now on.

        Raises RequestError when there is no such problem, or the folder cannot become a workspace,
        PackError when the problem is broken.
        """
        import secrets

        from harness.attempts import new_attempt_id
        from harness.catalog import pin, read_statement
        from harness.workspace import Workspace, default_workspace_dir

        problem = pin(self.catalog.problem(request.slug), self.settings.home)
        mode = request.mode or self.settings.mode
        usual = Feedback.NAMES if mode is Mode.EXAM else Feedback.FULL
        root = request.directory or default_workspace_dir(self.settings.workspaces, problem.slug)
        store = self.store  # a record that cannot be written is found out before files are
        attempt_id = new_attempt_id()
        workspace = Workspace.create(root, problem, attempt_id, self.settings.home)
        workspace.write_editor_settings(request.editor or self.settings.editor)
        with self._observed(attempt_id, begins=True):
            state = store.create(
                problem,
                mode,
                request.feedback or self.settings.feedback or usual,
                request.minutes or self.settings.minutes or problem.manifest.minutes,
                workspace.root,
                secrets.token_hex(8),
                workspace.read(),
                attempt_id,
            )
        return Started(Sitting(state, workspace), problem, read_statement(problem, 1))

    # -- working

    def statement(self, sitting: Sitting, level: int | None = None) -> Statement:
        """The statement of ``level``; of the current one when None.

        Raises RequestError when there is no such level, or it is not open yet.
        """
        from harness.app.files import complete_workspace
        from harness.catalog import read_statement

        state = self.state(sitting)
        problem = self.problem(state)
        wanted = state.level if level is None else level
        text = read_statement(problem, wanted)
        if wanted > state.level and state.is_open:
            raise RequestError(
                f"Level {wanted} is not open yet. You are at level {state.level}.",
                "harness submit",
            )
        if sitting.workspace is not None:
            # A kill between unlocking and writing leaves a level without its files.
            complete_workspace(sitting.workspace, problem, state)
        return Statement(wanted, problem.level(wanted).title, text)

    def test(
        self,
        sitting: Sitting,
        select: str = "",
        observer: Observer = SILENT,
        *,
        recorded: bool = True,
    ) -> Tested:
        """Run the visible suites of all open levels; ``select`` is a pytest ``-k`` expression.

        Counts as a run of the person when ``recorded``.

        Raises RequestError when the attempt is over or paused, the files cannot be judged, or
        ``select`` is no such expression or matches nothing.
        """
        from harness.app.finding import require_workspace
        from harness.app.judging import job_of
        from harness.judge.selection import require_expression

        require_expression(select, "harness test")
        workspace = require_workspace(sitting)
        state = self.store.require_running(sitting.state.id)
        problem = self.problem(state)
        snapshot = workspace.read()
        job = job_of(problem, state, snapshot, Suite.VISIBLE, select)
        judgement = self.judge.judge(job, observer)
        if select and not judgement.outcomes and not judgement.error:
            raise RequestError(f"No visible case matches '{select}'.", "harness test")
        if recorded:
            with self._observed(state.id):
                state = self.store.tested(state.id, snapshot, judgement)
        return Tested(state, problem, judgement)

    def prepare(self, sitting: Sitting) -> None:
        """Get the judge ready for the next test run or submission while nobody waits."""
        from harness.app.judging import job_of

        state = self.store.require_running(sitting.state.id)
        problem = self.problem(state)
        nothing_yet = Snapshot(files={})
        self.judge.prepare(*(job_of(problem, state, nothing_yet, suite) for suite in Suite))

    def submit(
        self,
        sitting: Sitting,
        observer: Observer = SILENT,
    ) -> Submitted:
        """Record the workspace as submitted, then judge it by the hidden suites of all open levels.

        A submission that was recorded earlier and never judged is judged instead, when the files
        are still the same or the attempt is over.

        Raises RequestError when the attempt is over or paused, the files cannot be judged, or
        another process judges this attempt right now.
        """
        from harness.app.finding import require_workspace
        from harness.app.judging import left_over

        with self.store.judging(sitting.state.id), self._observed(sitting.state.id):
            state = self.state(sitting)
            before = state.last_submission
            pending = left_over(self.store, sitting, state)
            if pending is None:
                self.store.require_running(state.id)
                snapshot = require_workspace(sitting).read()
                state = self.store.submit(state.id, snapshot)
            else:
                snapshot = pending
            resumed = pending is not None
            result = self._judge(sitting, state, snapshot, observer, resumed=resumed)
        self.plugins.judged(result.state, result.judgement)
        return replace(result, unchanged=not resumed and snapshot.hash == before)

    def judged_before(self, sitting: Sitting) -> Submitted | None:
        """The last submission with its judgement, when submitting now would only repeat it."""
        from harness.app.judging import judged_before

        state = self.state(sitting)
        found = judged_before(self.store, sitting, state)
        if found is None:
            return None
        return Submitted(state, self.problem(state), found, self.score(state), unchanged=True)

    def _judge(
        self,
        sitting: Sitting,
        state: AttemptState,
        snapshot: Snapshot,
        observer: Observer,
        *,
        resumed: bool,
    ) -> Submitted:
        """Judge what is recorded as submitted, record the judgement, open the level it earned."""
        from harness.app.judging import job_of

        problem = self.problem(state)
        job = job_of(problem, state, snapshot, Suite.HIDDEN)
        judgement = self.judge.judge(job, observer)
        after = self.store.judged(state.id, snapshot.hash, judgement)
        opened = after.level if after.level > state.level else None
        unwritten = ""
        if opened is not None and sitting.workspace is not None:
            try:
                sitting.workspace.open_level(problem, opened)
            except RequestError as error:  # the verdict stands; `statement` writes what is missing
                unwritten = error.message
        return Submitted(
            after, problem, judgement, self.score(after), opened, resumed, unwritten=unwritten
        )

    # -- looking

    def state(self, sitting: Sitting) -> AttemptState:
        """Return the attempt as it is now."""
        return self.store.state(sitting.state.id)

    def standing(self, sitting: Sitting) -> Standing:
        """Where the attempt stands now."""
        from harness.app.files import changed_since_submission, passed_as_it_is

        state = self.state(sitting)
        unsubmitted = changed_since_submission(self.store, sitting.workspace, state)
        tested = passed_as_it_is(self.store, sitting.workspace, state)
        return Standing(state, self.problem(state), self.score(state), unsubmitted, tested)

    def score(self, state: AttemptState) -> Score:
        """What the attempt is worth now: as a plugin says, else by our own rule."""
        from harness.reports.scoring import score

        problem = self.problem(state)
        # Reading all judgements takes time, and our own rule needs none.
        if not self.plugins.names:
            return score(problem, state)
        judgements = self.store.judgements(state.id)
        return self.plugins.score(problem, state, judgements) or score(problem, state)

    def report(self, attempt_id: str) -> AttemptReport:
        """The whole story of an attempt; with editorial and reference once it is over."""
        from harness.app.reporting import report_of

        state = self.store.state(attempt_id)
        return report_of(self.store, self.problem(state), state, self.score(state))

    def history(self) -> list[Past]:
        """All attempts, newest first, with what each is worth."""
        return [Past(state, self._score_if_kept(state)) for state in self.store.all()]

    def _score_if_kept(self, state: AttemptState) -> Score | None:
        try:
            return self.score(state)
        except HarnessError:
            return None  # its problem is no longer kept; the rest of its story is

    def damaged(self) -> list[StateError]:
        """What is wrong with each attempt that ``history`` leaves out."""
        return self.store.damaged()

    def require_open(self, sitting: Sitting) -> AttemptState:
        """Return the state. Raises RequestError when the attempt is over."""
        from harness.attempts.permissions import require_open

        state = self.state(sitting)
        require_open(state)
        return state

    def require_revealable(self, sitting: Sitting) -> AttemptState:
        """Return the state. Raises RequestError when the reference must not be shown now."""
        from harness.attempts.permissions import require_revealable

        state = self.state(sitting)
        require_revealable(state)
        return state

    # -- the clock

    def pause(self, sitting: Sitting) -> AttemptState:
        """Stop the clock (practice)."""
        return self._changed(sitting, self.store.pause)

    def resume(self, sitting: Sitting) -> AttemptState:
        """Let the clock run again (practice)."""
        return self._changed(sitting, self.store.resume)

    def extend(self, sitting: Sitting, minutes: int) -> AttemptState:
        """Raise the time limit (practice)."""
        return self._changed(sitting, lambda attempt: self.store.extend(attempt, minutes))

    # -- files

    def reset(self, sitting: Sitting, names: Sequence[str] = ()) -> Rewritten:
        """Put files back as they were handed out; all of them when ``names`` is empty.

        The files as they are now are kept first, for ``undo``.

        Raises RequestError when a file was not handed out, or the attempt is over.
        """
        from harness.app.files import reset_files

        with self._observed(sitting.state.id):
            return reset_files(self.store, sitting, names)

    def undo(self, sitting: Sitting) -> Rewritten:
        """Bring back the files as they were before the last reset; once more undoes the undo.

        Raises RequestError when nothing was reset, or the attempt is over.
        """
        from harness.app.files import undo_reset

        with self._observed(sitting.state.id):
            return undo_reset(self.store, sitting)

    def restore(self, attempt_id: str, directory: Path | None = None) -> Sitting:
        """Write the last known files of an attempt into a new workspace.

        Raises RequestError when its workspace is still there, or the folder cannot become one.
        """
        from harness.app.files import restore_workspace
        from harness.workspace import default_workspace_dir

        state = self.store.state(attempt_id)
        problem = self.problem(state)
        root = directory or default_workspace_dir(self.settings.workspaces, problem.slug)
        workspace = restore_workspace(self.store, problem, state, root)
        return Sitting(self.store.moved(state.id, workspace.root), workspace)

    # -- the end

    def reveal(self, sitting: Sitting) -> Revealed:
        """Give the current level up for its reference, and go on with the next (practice).

        The reference is written beside the statements, from where it is never submitted.

        Raises RequestError when in an exam, and when the attempt is over or paused.
        """
        from harness.app.files import require_room_for_reference, write_reference
        from harness.app.finding import require_workspace

        workspace = require_workspace(sitting)
        before = self.require_revealable(sitting)
        problem, level = self.problem(before), before.level
        # Found out first: a level that is given up is given up for good.
        require_room_for_reference(workspace, problem, level)
        state = self._changed(sitting, self.store.reveal)
        if state.level > level:
            workspace.open_level(problem, state.level)
        return Revealed(state, problem, level, write_reference(workspace, problem, level))

    def finish(
        self,
        sitting: Sitting,
        observer: Observer = SILENT,
    ) -> AttemptState:
        """End the attempt. What was submitted last counts; if need be, it is judged first.

        Raises RequestError when the attempt is over or being judged. When the judge fails, it ends
        all the same: ``submit`` judges later what was submitted last.
        """
        with self.store.judging(sitting.state.id):
            state = self.require_open(sitting)
            if state.pending_submission is not None:
                snapshot = self.store.snapshot(state.pending_submission)
                with self._observed(sitting.state.id):
                    result = self._judge(sitting, state, snapshot, observer, resumed=True)
                self.plugins.judged(result.state, result.judgement)
                state = result.state
            return self._changed(sitting, self.store.finish) if state.is_open else state

    def diagnose(self, environ: Mapping[str, str]) -> Diagnosis:
        """What works here and what does not."""
        from harness.app.diagnosis import diagnose

        return diagnose(self, environ)

    def _changed(self, sitting: Sitting, change: Callable[[str], AttemptState]) -> AttemptState:
        with self._observed(sitting.state.id):
            return change(sitting.state.id)

    @contextmanager
    def _observed(self, attempt_id: str, *, begins: bool = False) -> Iterator[None]:
        """Tell the plugins of each event that the block records."""
        if not self.plugins.names:
            yield
            return
        known = 0 if begins else len(self.store.events(attempt_id))
        yield
        for event in self.store.events(attempt_id)[known:]:
            self.plugins.attempt_event(event)
