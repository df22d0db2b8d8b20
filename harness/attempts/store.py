"""The record of all attempts: events are appended, and states are computed from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from harness.attempts import archive, permissions
from harness.attempts.clock import Clock
from harness.attempts.events import (
    Created,
    Extended,
    Finished,
    Judged,
    Judging,
    LevelUnlocked,
    Moved,
    Paused,
    Payload,
    Resumed,
    Revealed,
    Saved,
    Submitted,
    Tested,
    parse_payload,
)
from harness.attempts.locks import judging_lock
from harness.attempts.log import Log, list_ids, new_attempt_id, require_known
from harness.attempts.replay import Replayed
from harness.errors import RequestError, StateError
from harness.model.attempt import (
    AttemptState,
    End,
    Event,
    Mode,
    RecordedJudgement,
)
from harness.model.judgement import Feedback, Judgement
from harness.model.problem import Problem, Snapshot

if TYPE_CHECKING:
    import sqlite3

    from harness.attempts.database import Database
    from harness.attempts.inspection import Inspection

_LONGEST_MINUTES = 24 * 60


class AttemptStore:
    """All attempts under one home folder.

    Safe to use from several processes at once, and after a kill at any point: what a method that
    returned has recorded is durable, and an interrupted one has recorded all or nothing. Every
    method raises StateError when the record cannot be used, and those that take the id of an
    attempt raise RequestError, with the nearest id, when it does not exist.
    """

    def __init__(
        self, home: Path, database: Database, clock: Clock, on_event: Callable[[Event], None]
    ) -> None:
        self.home = home
        self._database = database
        self._clock = clock
        self._on_event = on_event

    @classmethod
    def open(
        cls, home: Path, clock: Clock, on_event: Callable[[Event], None] = lambda event: None
    ) -> Self:
        """Open the record under ``home``, and create it if it does not exist yet.

        ``on_event`` is called with each event that this object has recorded.
        """
        from harness.attempts.database import FILE_NAME, Database

        return cls(home, Database.open(home / FILE_NAME), clock, on_event)

    def close(self) -> None:
        """Close the record."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # -- reading

    def state(self, attempt_id: str) -> AttemptState:
        """Return the attempt as it stands now."""
        with self._database.reading() as connection:
            replayed = self._load(connection, attempt_id).replay()
        if _expiry_is_due(replayed):
            # The end follows from the clock alone, so reading works even if it cannot be recorded.
            with suppress(StateError):
                return self._append(attempt_id, lambda state: None)
        return replayed.state

    def all(self) -> list[AttemptState]:
        """Return every attempt that can be read, newest first."""
        return self.all_and_damaged()[0]

    def all_and_damaged(self) -> tuple[list[AttemptState], list[StateError]]:
        """Return the same as ``all``, and an error for each attempt that it leaves out."""
        states, errors = [], []
        with self._database.reading() as connection:
            now = self._clock.read()
            for attempt_id in reversed(list_ids(connection)):
                try:
                    states.append(Log.load(connection, attempt_id, now).replay().state)
                except StateError as error:
                    errors.append(error)
        return states, errors

    def events(self, attempt_id: str) -> list[Event]:
        """Return all events, oldest first, after checking their chain."""
        with self._database.reading() as connection:
            return self._load(connection, attempt_id).events

    def judgements(self, attempt_id: str) -> list[RecordedJudgement]:
        """Return all judgements, hidden and visible, oldest first."""
        with self._database.reading() as connection:
            return self._read_judgements(connection, attempt_id)

    def snapshot(self, snapshot_hash: str) -> Snapshot:
        """Return the snapshot with this hash. Raises StateError when it is missing."""
        with self._database.reading() as connection:
            return archive.read_snapshot(connection, snapshot_hash)

    def export(self, attempt_id: str, *, judgements: bool = True) -> dict[str, object]:
        """Return the readable events of the attempt as plain data for JSON.

        With ``judgements``, each judgement is included in full. ``problems`` names the damage.
        """
        from harness.attempts.inspection import export_events

        with self._database.reading() as connection:
            require_known(connection, attempt_id)
            return export_events(connection, attempt_id, judgements=judgements)

    def inspect(self) -> Inspection:
        """Read the whole record, and report what is damaged."""
        from harness.attempts.inspection import inspect

        with self._database.reading() as connection:
            return inspect(connection, self._clock.read())

    def backup(self, path: Path) -> None:
        """Write a complete copy of the record to ``path``. Raises RequestError when that exists."""
        self._database.back_up(path)

    def restore(self, source: Path) -> Path:
        """Replace the record by the backup ``source``, even while other processes use it.

        Returns the file that keeps the present record. Raises RequestError when ``source`` is not
        a backup of a record, or is damaged.
        """
        from harness.attempts.database import open_backup
        from harness.attempts.inspection import inspect

        with open_backup(source) as backup:
            found = inspect(backup, self._clock.read())
            if found.problems:
                raise RequestError(
                    f"The backup {source} is damaged, and nothing was changed: {found.problems[0]}",
                    hint="harness attempts restore FILE  (an older backup)",
                )
            return self._database.restore(backup)

    def require_running(self, attempt_id: str) -> AttemptState:
        """Return the state of an attempt. Raises RequestError when it is over or paused."""
        state = self.state(attempt_id)
        permissions.require_running(state)
        return state

    # -- events of an attempt

    def create(
        self,
        problem: Problem,
        mode: Mode,
        feedback: Feedback,
        minutes: int,
        workspace: Path,
        seed: str,
        handed_out: Snapshot,
        attempt_id: str | None = None,
    ) -> AttemptState:
        """Begin an attempt; its clock starts now. ``attempt_id`` comes from ``new_attempt_id``.

        ``handed_out`` holds the files of the new workspace. Raises RequestError when ``minutes`` is
        out of range or the id is taken.
        """
        _require_minutes(minutes)
        with self._writing(attempt_id or new_attempt_id(), begins=True) as log:
            created = Created(
                problem=problem.slug,
                problem_version=problem.manifest.version,
                problem_hash=problem.content_hash,
                levels=problem.level_count,
                mode=mode,
                feedback=feedback,
                minutes=minutes,
                workspace=str(workspace),
                seed=seed,
                template_snapshot=archive.write_snapshot(log.connection, handed_out),
            )
            log.append([created])
            return log.replay().state

    def submit(self, attempt_id: str, snapshot: Snapshot) -> AttemptState:
        """Record ``snapshot`` as submitted; it is pending until judged.

        Raises RequestError when the attempt is over or paused.
        """
        return self._change(
            attempt_id,
            permissions.require_running,
            lambda connection, state: [
                Submitted(snapshot=archive.write_snapshot(connection, snapshot))
            ],
        )

    def judged(self, attempt_id: str, snapshot_hash: str, judgement: Judgement) -> AttemptState:
        """Record the judgement of the pending submission, and the level or the end that it earns.

        A submission counts even when the attempt ended while it was judged. Raises StateError when
        the snapshot is not the pending one.
        """
        with self._writing(attempt_id) as log:
            before = log.replay().state
            if before.pending_submission != snapshot_hash:
                raise StateError(
                    f"Attempt {attempt_id} got a judgement of {snapshot_hash[:12]}, which is not "
                    "the submission that waits for a judgement: nothing was recorded.",
                    hint="harness submit",
                )
            record = archive.write_judgement(log.connection, judgement)
            payload = Judged.of(snapshot_hash, judgement, record)
            log.append([payload])
            log.append(_earned(before, payload, log.replay()))
            return log.replay().state

    def tested(self, attempt_id: str, snapshot: Snapshot, judgement: Judgement) -> AttemptState:
        """Record a run of the visible suites. Raises RequestError when over or paused."""
        return self._change(
            attempt_id,
            permissions.require_running,
            lambda connection, state: [
                Tested.of(
                    archive.write_snapshot(connection, snapshot),
                    judgement,
                    archive.write_judgement(connection, judgement),
                )
            ],
        )

    def pause(self, attempt_id: str) -> AttemptState:
        """Practice: stop the clock. Raises RequestError in an exam, when paused, or when over."""
        return self._append(attempt_id, permissions.require_pausable, Paused())

    def resume(self, attempt_id: str) -> AttemptState:
        """Practice: restart the clock. Raises RequestError when it is not paused."""
        return self._append(attempt_id, permissions.require_paused, Resumed())

    def extend(self, attempt_id: str, minutes: int) -> AttemptState:
        """Practice: raise the time limit. Raises RequestError in an exam or when over."""
        _require_minutes(minutes)
        extended = Extended(minutes=minutes)
        return self._append(attempt_id, permissions.require_extensible, extended)

    def reveal(self, attempt_id: str) -> AttemptState:
        """Practice: give up the current level for its reference, and open the next.

        On the last level this ends the attempt. Raises RequestError in an exam, or when paused or
        over.
        """

        def reveal(connection: sqlite3.Connection, state: AttemptState) -> Sequence[Payload]:
            is_last = state.level == len(state.levels)
            then = Finished(end=End.FINISHED) if is_last else LevelUnlocked(level=state.level + 1)
            return [Revealed(level=state.level), then]

        return self._change(attempt_id, permissions.require_revealable, reveal)

    def finish(self, attempt_id: str) -> AttemptState:
        """End the attempt. Raises RequestError when it is over."""
        return self._append(attempt_id, permissions.require_open, Finished(end=End.FINISHED))

    def saved(self, attempt_id: str, snapshot: Snapshot, why: str) -> str:
        """Keep ``snapshot``, which is not a submission, and return its hash.

        ``why`` is one word, such as "reset". Raises RequestError when the attempt is over.
        """
        self._change(
            attempt_id,
            permissions.require_open,
            lambda connection, state: [
                Saved(snapshot=archive.write_snapshot(connection, snapshot), why=why)
            ],
        )
        return snapshot.hash

    def moved(self, attempt_id: str, workspace: Path) -> AttemptState:
        """Record the new place of the workspace; allowed at any time."""
        return self._change(
            attempt_id,
            lambda state: None,
            lambda connection, state: (
                [] if state.workspace == workspace else [Moved(workspace=str(workspace))]
            ),
        )

    @contextmanager
    def judging(self, attempt_id: str) -> Iterator[None]:
        """Hold the right to judge this attempt while the block runs.

        A killed process loses it at once. Raises RequestError when another process holds it.
        """
        from harness.attempts.storage_errors import explain_errors

        with self._database.reading() as connection:
            require_known(connection, attempt_id)
        with ExitStack() as stack:
            with explain_errors(self._database.path):
                stack.enter_context(judging_lock(self.home, attempt_id))
            yield

    def _load(self, connection: sqlite3.Connection, attempt_id: str) -> Log:
        return Log.load(connection, attempt_id, self._clock.read())

    @contextmanager
    def _writing(self, attempt_id: str, *, begins: bool = False) -> Iterator[Log]:
        """Provide the log of an attempt; report what was appended once that is durable."""
        with self._database.writing() as connection:
            open_log = Log.begin if begins else Log.load
            log = open_log(connection, attempt_id, self._clock.read())
            known = len(log.events)
            yield log
        for event in log.events[known:]:
            self._on_event(event)

    def _append(
        self, attempt_id: str, check: Callable[[AttemptState], None], *payloads: Payload
    ) -> AttemptState:
        return self._change(attempt_id, check, lambda *_: payloads)

    def _change(
        self,
        attempt_id: str,
        check: Callable[[AttemptState], None],
        decide: Callable[[sqlite3.Connection, AttemptState], Sequence[Payload]],
    ) -> AttemptState:
        """Append what ``decide`` returns for the present state, unless ``check`` refuses it.

        The end of an attempt whose time is up is recorded even when ``check`` refuses.
        """
        refusal: RequestError | None = None
        with self._writing(attempt_id) as log:
            replayed = log.replay()
            if _expiry_is_due(replayed):
                log.append([Finished(end=End.EXPIRED)])
            try:
                check(replayed.state)
                log.append(decide(log.connection, replayed.state))
            except RequestError as error:
                refusal = error
            state = log.replay().state
        if refusal is not None:
            raise refusal
        return state

    def _read_judgements(
        self, connection: sqlite3.Connection, attempt_id: str
    ) -> list[RecordedJudgement]:
        log = self._load(connection, attempt_id)
        marks = log.replay().marks
        payloads = ((event.seq, parse_payload(event)) for event in log.events if event.seq in marks)
        return [
            RecordedJudgement(
                seq=seq,
                snapshot=payload.snapshot,
                level=marks[seq].level,
                at_seconds=marks[seq].at_seconds,
                judgement=archive.read_judgement(connection, payload.record),
            )
            for seq, payload in payloads
            if isinstance(payload, Judging)
        ]


def _earned(before: AttemptState, judged: Judged, after: Replayed) -> list[Payload]:
    """Return the events that a judgement earns: the next level, or the end."""
    if after.end_is_recorded:
        return []
    if judged.accepts(before.level):
        if before.level == len(before.levels):
            return [Finished(end=End.COMPLETED)]
        if after.state.end is None:
            return [LevelUnlocked(level=before.level + 1)]
    return [Finished(end=End.EXPIRED)] if _expiry_is_due(after) else []


def _expiry_is_due(replayed: Replayed) -> bool:
    """Return whether the clock has ended the attempt and no event says so yet.

    While a submission is being judged this waits: the judgement may still give time back.
    """
    state = replayed.state
    unsaid = state.end is End.EXPIRED and not replayed.end_is_recorded
    return unsaid and state.pending_submission is None


def _require_minutes(minutes: int) -> None:
    if not 1 <= minutes <= _LONGEST_MINUTES:
        raise RequestError(
            f"{minutes} minutes are not possible: choose 1 to {_LONGEST_MINUTES}.",
            hint="harness start --help",
        )
