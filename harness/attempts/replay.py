"""The state of an attempt, computed from its events and the time alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from harness.attempts.events import (
    Created,
    Extended,
    Finished,
    Judged,
    LevelUnlocked,
    Moved,
    Paused,
    Payload,
    Resumed,
    Revealed,
    Submitted,
    Tested,
    damaged,
    parse_payloads,
)
from harness.attempts.timeline import (
    Timeline,
    draw_timeline,
    notice_oddities,
    notice_waits,
)
from harness.errors import StateError
from harness.model.attempt import AttemptState, End, Event, LevelState, Mode, Reading
from harness.model.frozen import frozen

_LAST_WALL = 253_370_764_800.0
"""The year 9999: a clock set to a later time must not make a record unreadable."""


class Mark(NamedTuple):
    """When a judgement belongs to its attempt."""

    level: int
    """The current level when it was submitted or tested."""
    at_seconds: float
    """When it was submitted or tested, in charged seconds."""


@dataclass
class Replay:
    """Takes events one by one and keeps the state. Times are charged seconds."""

    attempt: str
    created: Created
    levels: list[LevelState]
    level: int = 1
    allowed_seconds: float = 0.0
    workspace: str = ""
    paused: bool = False
    end: End | None = None
    pauses: int = 0
    extensions: int = 0
    submissions: int = 0
    last_submission: str | None = None
    pending_submission: str | None = None
    submitted: Mark = field(default_factory=lambda: Mark(1, 0.0))
    """Level and time of the last submission."""
    marks: dict[int, Mark] = field(default_factory=dict)
    """By the number of each ``judged`` or ``tested`` event."""
    paused_after: list[bool] = field(default_factory=list)

    @classmethod
    def begin(cls, attempt: str, created: Created) -> Replay:
        """Return the state before the first event."""
        levels = [LevelState(number=number) for number in range(1, created.levels + 1)]
        levels[0] = replace(levels[0], opened_at_seconds=0.0)
        return cls(
            attempt=attempt,
            created=created,
            levels=levels,
            allowed_seconds=created.minutes * 60.0,
            workspace=created.workspace,
        )

    def take(self, seq: int, payload: Payload, at: float) -> None:
        """Apply event number ``seq``, which happened at ``at``. Raises StateError."""
        match payload:
            case Submitted():
                self._submitted(seq, payload, at)
            case Judged():
                self._judged(seq, payload)
            case Tested():
                self.marks[seq] = Mark(self.level, at)
                self._update(self.level, test_runs=self.levels[self.level - 1].test_runs + 1)
            case LevelUnlocked():
                self._level_unlocked(seq, payload, at)
            case Paused():
                self._require_practice(seq, "pauses the clock")
                self.paused = True
                self.pauses += 1
            case Resumed():
                self.paused = False
            case Extended():
                self._require_practice(seq, "extends the time")
                self.allowed_seconds += payload.minutes * 60.0
                self.extensions += 1
            case Revealed():
                self._revealed(seq, payload)
            case Finished():
                self._finished(seq, payload)
            case Moved():
                self.workspace = payload.workspace
        self.paused_after.append(self.paused)

    def _submitted(self, seq: int, payload: Submitted, at: float) -> None:
        if self.end is not None:
            raise damaged(self.attempt, seq, "submits to an attempt that was over")
        self.submissions += 1
        self.last_submission = self.pending_submission = payload.snapshot
        self.submitted = Mark(self.level, at)
        self._update(self.level, submissions=self.levels[self.level - 1].submissions + 1)

    def _judged(self, seq: int, payload: Judged) -> None:
        if payload.snapshot != self.pending_submission:
            raise damaged(self.attempt, seq, "judges something that was not submitted")
        self.marks[seq] = self.submitted
        if not payload.counts:
            return
        self.pending_submission = None
        for tally in payload.levels:
            if tally.level <= len(self.levels):
                self._update(tally.level, passed=tally.passed, total=tally.total)
        current = self.levels[self.level - 1]
        if payload.accepts(self.level) and not current.revealed:
            self._update(self.level, accepted_at_seconds=self.submitted.at_seconds)

    def _level_unlocked(self, seq: int, payload: LevelUnlocked, at: float) -> None:
        current = self.levels[self.level - 1]
        earned = current.accepted_at_seconds is not None or current.revealed
        if not earned or payload.level != self.level + 1 or payload.level > len(self.levels):
            raise damaged(self.attempt, seq, f"opens level {payload.level} without reason")
        self.level = payload.level
        self._update(self.level, opened_at_seconds=at)

    def _revealed(self, seq: int, payload: Revealed) -> None:
        if payload.level != self.level or self.created.mode is Mode.EXAM:
            raise damaged(self.attempt, seq, f"reveals level {payload.level} without reason")
        self._update(self.level, revealed=True, accepted_at_seconds=None)

    def _finished(self, seq: int, payload: Finished) -> None:
        last = self.levels[-1]
        if self.end is not None:
            raise damaged(self.attempt, seq, "ends an attempt that was over")
        if payload.end is End.COMPLETED and last.accepted_at_seconds is None:
            raise damaged(self.attempt, seq, "completes the attempt without reason")
        self.end = payload.end
        self.paused = False

    def _require_practice(self, seq: int, what: str) -> None:
        if self.created.mode is Mode.EXAM:
            raise damaged(self.attempt, seq, f"{what} of an exam")

    def _update(self, level: int, **changes: Any) -> None:
        self.levels[level - 1] = replace(self.levels[level - 1], **changes)


@frozen
class Replayed:
    """The state, and level and time of each judgement."""

    state: AttemptState
    marks: dict[int, Mark]
    """By the number of each ``judged`` or ``tested`` event."""
    end_is_recorded: bool
    """False while the attempt is open, and when only the clock has ended it."""


def replay(events: Sequence[Event], now: Reading) -> AttemptState:
    """Return the state of the attempt with these ``events`` at the time ``now``.

    Raises StateError when no attempt can have these events.
    """
    return replay_all(events, now).state


def replay_all(events: Sequence[Event], now: Reading) -> Replayed:
    """Return the same as ``replay``, with level and time of each judgement."""
    payloads = parse_payloads(events)
    if not payloads or not isinstance(payloads[0], Created) or payloads[0].levels < 1:
        raise StateError(
            "The record of an attempt does not begin with its creation: it is damaged.",
            hint="harness history  (lists the other attempts)",
        )
    readings = [event.reading for event in events]
    timeline = draw_timeline(readings, payloads, now)
    log = Replay.begin(events[0].attempt, payloads[0])
    end_index: int | None = None
    submitted_at, until = 0.0, timeline.now
    for index, (event, payload) in enumerate(zip(events, payloads, strict=True)):
        log.take(event.seq, payload, timeline.charged(timeline.at[index]))
        if isinstance(payload, Submitted):
            submitted_at = timeline.at[index]
        elif isinstance(payload, Finished):
            end_index = index
            # The submission that completes the attempt ends it, however long the judge takes.
            is_completed = payload.end is End.COMPLETED
            until = submitted_at if is_completed else timeline.at[index]
    return _conclude(log, readings, timeline, end_index, until, now)


def _conclude(
    log: Replay,
    readings: list[Reading],
    timeline: Timeline,
    end_index: int | None,
    until: float,
    now: Reading,
) -> Replayed:
    """Decide whether and when the attempt ended, and return the state."""
    is_exam = log.created.mode is Mode.EXAM
    deadline_at = timeline.when_charged(log.allowed_seconds)
    end = log.end
    if is_exam and end is None and until >= deadline_at:
        end = End.EXPIRED
    if is_exam:
        until = min(until, deadline_at)
    seen = [*readings, now] if end_index is None else readings[: end_index + 1]
    state = AttemptState(
        id=log.attempt,
        problem=log.created.problem,
        problem_version=log.created.problem_version,
        problem_hash=log.created.problem_hash,
        mode=log.created.mode,
        feedback=log.created.feedback,
        seed=log.created.seed,
        workspace=Path(log.workspace),
        minutes=log.created.minutes,
        started_at=_utc(readings[0].wall),
        levels=tuple(log.levels),
        level=log.level,
        spent_seconds=timeline.charged(until),
        allowed_seconds=log.allowed_seconds,
        paused=log.paused and end is None,
        end=end,
        ended_at=None if end is None else _utc(_wall_at(until, readings, timeline)),
        pauses=log.pauses,
        extensions=log.extensions,
        submissions=log.submissions,
        last_submission=log.last_submission,
        pending_submission=log.pending_submission,
        template_snapshot=log.created.template_snapshot,
        judge_broken=bool(timeline.waits) and timeline.waits[-1].end > timeline.now and end is None,
        notices=(*notice_oddities(seen, log.paused_after), *notice_waits(timeline, until)),
    )
    return Replayed(state, log.marks, end_is_recorded=end_index is not None)


def _wall_at(at: float, readings: Sequence[Reading], timeline: Timeline) -> float:
    """Return the wall time of attempt second ``at``, counting from the last event before it."""
    known = max(index for index, known_at in enumerate(timeline.at) if known_at <= at)
    return readings[known].wall + at - timeline.at[known]


def _utc(wall: float) -> datetime:
    return datetime.fromtimestamp(min(max(wall, 0.0), _LAST_WALL), UTC)
