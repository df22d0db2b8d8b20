"""The record of all attempts: events are appended, and states are computed from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from harness.attempts.clock import Clock, draw_timeline, read_clocks
from harness.attempts.log import (
    Kind,
    Log,
    accepts,
    list_ids,
    new_attempt_id,
    read_judgement,
    read_snapshot,
    require_known,
    summarise,
    write_judgement,
    write_snapshot,
)
from harness.attempts.replay import (
    Replay,
    replay,
    require_extensible,
    require_hintable,
    require_open,
    require_pausable,
    require_paused,
    require_revealable,
    require_running,
)
from harness.errors import RequestError, StateError
from harness.model.attempt import AttemptState, End, Event, Mode, RecordedJudgement
from harness.model.judgement import Feedback, Judgement
from harness.model.problem import Problem, Snapshot

if TYPE_CHECKING:
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
        cls,
        home: Path,
        clock: Clock = read_clocks,
        on_event: Callable[[Event], None] = lambda event: None,
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

    def __exit__(self, *error: object) -> None:
        self.close()

    # -- reading

    def state(self, attempt_id: str) -> AttemptState:
        """Return the attempt as it stands now."""
        with self._database.reading() as connection:
            log = Log.load(connection, attempt_id, self._clock())
        replayed = replay(log.events, log.now)
        if _expiry_is_due(replayed):
            # The end follows from the clock alone, so reading works even if it cannot be recorded.
            with suppress(StateError):
                return self._change(attempt_id, lambda state: None, lambda log: None)
        return replayed.state

    def seconds_unjudged(self, attempt_id: str) -> float:
        """Return how long ago the pending submission was made, or judging it last ended."""
        with self._database.reading() as connection:
            log = Log.load(connection, attempt_id, self._clock())
        timeline = draw_timeline(log.events, log.now)
        moments = zip(log.events, timeline.at, strict=True)
        ends = (Kind.SUBMITTED, Kind.CANCELLED, Kind.JUDGED)
        return timeline.now - max(moment for event, moment in moments if event.kind in ends)

    def all(self) -> list[AttemptState]:
        """Return every attempt that can be read, newest first."""
        return self.all_and_damaged()[0]

    def all_and_damaged(self) -> tuple[list[AttemptState], list[StateError]]:
        """Return the same as ``all``, and an error for each attempt that it leaves out."""
        states, errors = [], []
        with self._database.reading() as connection:
            now = self._clock()
            for attempt_id in reversed(list_ids(connection)):
                try:
                    events = Log.load_known(connection, attempt_id, now).events
                    states.append(replay(events, now).state)
                except StateError as error:
                    errors.append(error)
        return states, errors

    def events(self, attempt_id: str) -> list[Event]:
        """Return all events, oldest first, after checking their chain."""
        with self._database.reading() as connection:
            return Log.load(connection, attempt_id, self._clock()).events

    def judgements(self, attempt_id: str) -> list[RecordedJudgement]:
        """Return all judgements, hidden and visible, oldest first."""
        with self._database.reading() as connection:
            log = Log.load(connection, attempt_id, self._clock())
            marks = replay(log.events, log.now).marks
            return [
                RecordedJudgement(
                    seq=event.seq,
                    snapshot=event.data["snapshot"],
                    level=marks[event.seq].level,
                    at_seconds=marks[event.seq].at_seconds,
                    judgement=read_judgement(connection, event.data["record"]),
                )
                for event in log.events
                if event.seq in marks
            ]

    def snapshot(self, snapshot_hash: str) -> Snapshot:
        """Return the snapshot with this hash. Raises StateError when it is missing."""
        with self._database.reading() as connection:
            return read_snapshot(connection, snapshot_hash)

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
            return inspect(connection, self._clock())

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
            found = inspect(backup, self._clock())
            if found.problems:
                raise RequestError(
                    f"The backup {source} is damaged, and nothing was changed: {found.problems[0]}",
                    hint="harness attempts restore FILE  # an older backup",
                )
            return self._database.restore(backup)

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
            log.append(
                Kind.CREATED,
                problem=problem.slug,
                problem_version=problem.manifest.version,
                problem_hash=problem.content_hash,
                levels=problem.level_count,
                mode=mode,
                feedback=feedback,
                minutes=minutes,
                workspace=str(workspace),
                seed=seed,
                template_snapshot=write_snapshot(log.connection, handed_out),
            )
        return replay(log.events, log.now).state

    def submit(self, attempt_id: str, snapshot: Snapshot) -> AttemptState:
        """Record ``snapshot`` as submitted; it is pending until judged.

        Raises RequestError when the attempt is over or paused.
        """

        def submit(log: Log) -> None:
            log.append(Kind.SUBMITTED, snapshot=write_snapshot(log.connection, snapshot))

        return self._change(attempt_id, require_running, submit)

    def judged(
        self, attempt_id: str, snapshot_hash: str, judgement: Judgement, suspended: float = 0.0
    ) -> AttemptState:
        """Record the judgement of the pending submission, and the level or the end that it earns.

        ``suspended``: how much longer than the judging took nothing judged it. A submission
        counts even when the attempt ended while it was judged. Raises StateError when the snapshot
        is not the pending one.
        """
        with self._writing(attempt_id) as log:
            before = replay(log.events, log.now).state
            if before.pending_submission != snapshot_hash:
                raise StateError(
                    f"Attempt {attempt_id} got a judgement of {snapshot_hash[:12]}, which is not "
                    "the submission that waits for a judgement: nothing was recorded.",
                    hint="harness submit",
                )
            if suspended:
                log.append(Kind.SUSPENDED, seconds=suspended)
            record = write_judgement(log.connection, judgement)
            judging = summarise(judgement, snapshot_hash, record)
            log.append(Kind.JUDGED, **judging)
            after = replay(log.events, log.now)
            is_accepted = accepts(judging, before.level)
            is_last = before.level == len(before.levels)
            if is_accepted and is_last and not after.end_is_recorded:
                log.append(Kind.FINISHED, end=End.COMPLETED)
            elif is_accepted and after.state.end is None:
                log.append(Kind.LEVEL_UNLOCKED, level=before.level + 1)
            elif _expiry_is_due(after):
                log.append(Kind.FINISHED, end=End.EXPIRED)
        return replay(log.events, log.now).state

    def cancelled(
        self, attempt_id: str, snapshot_hash: str, seconds: float, suspended: float = 0.0
    ) -> AttemptState:
        """Record that judging the pending submission was stopped after ``seconds``.

        ``suspended``: for how long nothing judged it. The other time is not charged, like that of
        any judging. The submission stays pending; nothing is recorded when it is not.
        """
        with self._writing(attempt_id) as log:
            if replay(log.events, log.now).state.pending_submission == snapshot_hash:
                if suspended:
                    log.append(Kind.SUSPENDED, seconds=suspended)
                log.append(Kind.CANCELLED, snapshot=snapshot_hash, seconds=seconds)
        return replay(log.events, log.now).state

    def tested(self, attempt_id: str, snapshot: Snapshot, judgement: Judgement) -> AttemptState:
        """Record a run of the visible suites. Raises RequestError when over or paused."""

        def test(log: Log) -> None:
            snapshot_hash = write_snapshot(log.connection, snapshot)
            record = write_judgement(log.connection, judgement)
            log.append(Kind.TESTED, **summarise(judgement, snapshot_hash, record))

        return self._change(attempt_id, require_running, test)

    def pause(self, attempt_id: str) -> AttemptState:
        """Practice: stop the clock. Raises RequestError in an exam, when paused, or when over."""
        return self._change(attempt_id, require_pausable, lambda log: log.append(Kind.PAUSED))

    def resume(self, attempt_id: str) -> AttemptState:
        """Practice: restart the clock. Raises RequestError when it is not paused."""
        return self._change(attempt_id, require_paused, lambda log: log.append(Kind.RESUMED))

    def extend(self, attempt_id: str, minutes: int) -> AttemptState:
        """Practice: raise the time limit. Raises RequestError in an exam or when over."""
        _require_minutes(minutes)
        return self._change(
            attempt_id, require_extensible, lambda log: log.append(Kind.EXTENDED, minutes=minutes)
        )

    def reveal(self, attempt_id: str) -> AttemptState:
        """Practice: give up the current level for its reference, and open the next.

        On the last level this ends the attempt. Raises RequestError in an exam, or when paused or
        over.
        """

        def reveal(log: Log) -> None:
            state = replay(log.events, log.now).state
            log.append(Kind.REVEALED, level=state.level)
            if state.level == len(state.levels):
                log.append(Kind.FINISHED, end=End.FINISHED)
            else:
                log.append(Kind.LEVEL_UNLOCKED, level=state.level + 1)

        return self._change(attempt_id, require_revealable, reveal)

    def hint(self, attempt_id: str) -> AttemptState:
        """Practice: record that the next hint of the current level is shown.

        Raises RequestError in an exam, or when paused or over.
        """

        def hint(log: Log) -> None:
            state = replay(log.events, log.now).state
            number = state.levels[state.level - 1].hints + 1
            log.append(Kind.HINTED, level=state.level, number=number)

        return self._change(attempt_id, require_hintable, hint)

    def finish(self, attempt_id: str) -> AttemptState:
        """End the attempt. Raises RequestError when it is over."""
        return self._change(
            attempt_id, require_open, lambda log: log.append(Kind.FINISHED, end=End.FINISHED)
        )

    def saved(self, attempt_id: str, snapshot: Snapshot, why: str) -> str:
        """Keep ``snapshot``, which is not a submission, and return its hash.

        ``why`` is one word, such as "reset". Raises RequestError when the attempt is over.
        """

        def save(log: Log) -> None:
            log.append(Kind.SAVED, snapshot=write_snapshot(log.connection, snapshot), why=why)

        self._change(attempt_id, require_open, save)
        return snapshot.hash

    def moved(self, attempt_id: str, workspace: Path) -> AttemptState:
        """Record the new place of the workspace; allowed at any time."""
        state = self.state(attempt_id)
        if state.workspace == workspace:
            return state
        return self._change(
            attempt_id,
            lambda state: None,
            lambda log: log.append(Kind.MOVED, workspace=str(workspace)),
        )

    @contextmanager
    def judging(self, attempt_id: str) -> Iterator[None]:
        """Hold the right to judge this attempt while the block runs.

        A killed process loses it at once. Raises RequestError when another process holds it.
        """
        with self._database.reading() as connection:
            require_known(connection, attempt_id)
        with self._database.judging(attempt_id):
            yield

    @contextmanager
    def _writing(self, attempt_id: str, *, begins: bool = False) -> Iterator[Log]:
        """Provide the log of an attempt; report what was appended once that is durable."""
        with self._database.writing() as connection:
            open_log = Log.begin if begins else Log.load
            log = open_log(connection, attempt_id, self._clock())
            known = len(log.events)
            yield log
        for event in log.events[known:]:
            self._on_event(event)

    def _change(
        self,
        attempt_id: str,
        require: Callable[[AttemptState], None],
        append: Callable[[Log], None],
    ) -> AttemptState:
        """Append events to the log of an attempt, unless ``require`` refuses its state.

        The end of an attempt whose time is up is recorded even then.
        """
        refusal: RequestError | None = None
        with self._writing(attempt_id) as log:
            replayed = replay(log.events, log.now)
            if _expiry_is_due(replayed):
                log.append(Kind.FINISHED, end=End.EXPIRED)
            try:
                require(replayed.state)
            except RequestError as error:
                refusal = error
            else:
                append(log)
        if refusal is not None:
            raise refusal
        return replay(log.events, log.now).state


def _expiry_is_due(replayed: Replay) -> bool:
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
