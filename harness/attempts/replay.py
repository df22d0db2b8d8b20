"""The state of an attempt, computed from its events and the time alone, and what it allows.

Each ``require_`` function returns when the state allows it; else its RequestError says why not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from harness.attempts.clock import Timeline, draw_timeline, notice_free_time, notice_oddities
from harness.attempts.log import Kind, accepts, counts, damaged, require_valid
from harness.errors import RequestError, StateError
from harness.model.attempt import AttemptState, End, Event, LevelState, Mode, Reading
from harness.model.judgement import Feedback
from harness.words import count_text, duration_text, local_time, quoted, remaining_text

_LAST_WALL = 253_370_764_800.0
"""The year 9999: a clock set to a later time must not make a record unreadable."""


class Mark(NamedTuple):
    """When a judgement belongs to its attempt."""

    level: int
    """The current level when it was submitted or tested."""
    at_seconds: float
    """When it was submitted or tested, in charged seconds."""


class Replay:
    """Takes events one by one and keeps the state."""

    def __init__(self, state: AttemptState) -> None:
        self.state = state
        self.marks: dict[int, Mark] = {}
        """By the number of each ``judged`` or ``tested`` event."""
        self.end_is_recorded = False
        """False while the attempt is open, and when only the clock has ended it."""
        self.submitted = Mark(1, 0.0)
        """Level and time of the last submission."""
        self.paused_after: list[bool] = []
        """For each event, whether the attempt was paused after it."""

    def take(self, event: Event, at: float) -> None:
        """Apply ``event``, which happened after ``at`` charged seconds. Raises StateError."""
        state, data = self.state, event.data
        match event.kind:
            case Kind.SUBMITTED:
                if state.end is not None:
                    raise damaged(event.attempt, event.seq, "submits to an attempt that was over")
                self.submitted = Mark(state.level, at)
                self._update(
                    submissions=state.submissions + 1,
                    last_submission=data["snapshot"],
                    pending_submission=data["snapshot"],
                )
                current = state.levels[state.level - 1]
                self._update_level(state.level, submissions=current.submissions + 1)
            case Kind.JUDGED:
                self._take_judged(event)
            case Kind.TESTED:
                self.marks[event.seq] = Mark(state.level, at)
                current = state.levels[state.level - 1]
                self._update_level(state.level, test_runs=current.test_runs + 1)
            case Kind.LEVEL_UNLOCKED:
                self._take_level_unlocked(event, at)
            case Kind.PAUSED:
                if state.mode is Mode.EXAM:
                    raise damaged(event.attempt, event.seq, "pauses the clock of an exam")
                self._update(paused=True, pauses=state.pauses + 1)
            case Kind.RESUMED:
                self._update(paused=False)
            case Kind.EXTENDED:
                if state.mode is Mode.EXAM:
                    raise damaged(event.attempt, event.seq, "extends the time of an exam")
                self._update(
                    allowed_seconds=state.allowed_seconds + data["minutes"] * 60.0,
                    extensions=state.extensions + 1,
                )
            case Kind.REVEALED:
                if data["level"] != state.level or state.mode is Mode.EXAM:
                    raise damaged(
                        event.attempt, event.seq, f"reveals level {data['level']} without reason"
                    )
                self._update_level(state.level, revealed=True, accepted_at_seconds=None)
            case Kind.HINTED:
                number = state.levels[state.level - 1].hints + 1
                if (data["level"], data["number"]) != (state.level, number):
                    raise damaged(event.attempt, event.seq, "shows a hint out of order")
                if state.mode is Mode.EXAM:
                    raise damaged(event.attempt, event.seq, "shows a hint in an exam")
                self._update_level(state.level, hints=number)
            case Kind.CANCELLED:
                if data["snapshot"] != state.pending_submission:
                    raise damaged(event.attempt, event.seq, "stops what was not being judged")
            case Kind.SUSPENDED:
                if state.pending_submission is None:
                    raise damaged(event.attempt, event.seq, "suspends what was not being judged")
            case Kind.FINISHED:
                if state.end is not None:
                    raise damaged(event.attempt, event.seq, "ends an attempt that was over")
                is_completed = data["end"] == End.COMPLETED
                if is_completed and state.levels[-1].accepted_at_seconds is None:
                    raise damaged(event.attempt, event.seq, "completes the attempt without reason")
                self._update(end=End(data["end"]), paused=False)
                self.end_is_recorded = True
            case Kind.MOVED:
                self._update(workspace=Path(data["workspace"]))
        self.paused_after.append(self.state.paused)

    def _take_judged(self, event: Event) -> None:
        state, data = self.state, event.data
        if data["snapshot"] != state.pending_submission:
            raise damaged(event.attempt, event.seq, "judges something that was not submitted")
        self.marks[event.seq] = self.submitted
        if not counts(data):
            return
        self._update(pending_submission=None)
        for each in data["levels"]:
            if each["level"] <= len(state.levels):
                self._update_level(each["level"], passed=each["passed"], total=each["total"])
        if accepts(data, state.level) and not state.levels[state.level - 1].revealed:
            self._update_level(state.level, accepted_at_seconds=self.submitted.at_seconds)

    def _take_level_unlocked(self, event: Event, at: float) -> None:
        state, level = self.state, event.data["level"]
        current = state.levels[state.level - 1]
        earned = current.accepted_at_seconds is not None or current.revealed
        if not earned or level != state.level + 1 or level > len(state.levels):
            raise damaged(event.attempt, event.seq, f"opens level {level} without reason")
        self._update(level=level)
        self._update_level(level, opened_at_seconds=at)

    def _update(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)

    def _update_level(self, number: int, **changes: Any) -> None:
        levels = list(self.state.levels)
        levels[number - 1] = replace(levels[number - 1], **changes)
        self._update(levels=tuple(levels))


def replay(events: Sequence[Event], now: Reading) -> Replay:
    """Replay the ``events`` of an attempt up to the time ``now``.

    Raises StateError when no attempt can have these events.
    """
    for event in events:
        require_valid(event)
    if not events or events[0].kind != Kind.CREATED or events[0].data["levels"] < 1:
        raise StateError(
            "The record of an attempt does not begin with its creation: it is damaged.",
            hint="harness history  # lists the other attempts",
        )
    timeline = draw_timeline(events, now)
    replayed = Replay(_state_at_start(events[0]))
    end_index: int | None = None
    submitted_at, until = 0.0, timeline.now
    for index, event in enumerate(events):
        replayed.take(event, timeline.charged(timeline.at[index]))
        if event.kind == Kind.SUBMITTED:
            submitted_at = timeline.at[index]
        elif event.kind == Kind.FINISHED:
            end_index = index
            # The submission that completes the attempt ends it, however long the judge takes.
            is_completed = replayed.state.end is End.COMPLETED
            until = submitted_at if is_completed else timeline.at[index]
    readings = [event.reading for event in events]
    seen = [*readings, now] if end_index is None else readings[: end_index + 1]
    notices = list(notice_oddities(seen, replayed.paused_after))
    suspended = sum(event.data["seconds"] for event in events if event.kind == Kind.SUSPENDED)
    if suspended >= 1:
        away = duration_text(suspended)
        notices.append(f"a submission waited for its judgement; the clock ran on for {away}")
    replayed.state = _conclude(replayed.state, readings, timeline, until, notices)
    return replayed


def _state_at_start(created: Event) -> AttemptState:
    data = created.data
    levels = [LevelState(number=number) for number in range(1, data["levels"] + 1)]
    levels[0] = replace(levels[0], opened_at_seconds=0.0)
    return AttemptState(
        id=created.attempt,
        problem=data["problem"],
        problem_version=data["problem_version"],
        problem_hash=data["problem_hash"],
        mode=Mode(data["mode"]),
        feedback=Feedback(data["feedback"]),
        seed=data["seed"],
        workspace=Path(data["workspace"]),
        minutes=data["minutes"],
        started_at=_utc(created.reading.wall),
        levels=tuple(levels),
        level=1,
        spent_seconds=0.0,
        allowed_seconds=data["minutes"] * 60.0,
        template_snapshot=data["template_snapshot"],
    )


def _conclude(
    state: AttemptState,
    readings: Sequence[Reading],
    timeline: Timeline,
    until: float,
    notices: Sequence[str],
) -> AttemptState:
    """Decide whether and when the attempt ended; ``until`` is its last attempt second so far."""
    end = state.end
    if state.mode is Mode.EXAM:
        deadline_at = timeline.when_charged(state.allowed_seconds)
        if end is None and until >= deadline_at:
            end = End.EXPIRED
        until = min(until, deadline_at)
    ended_at = None
    if end is not None:
        # Counted from the last event before the end.
        known = max(index for index, at in enumerate(timeline.at) if at <= until)
        ended_at = _utc(readings[known].wall + until - timeline.at[known])
    is_waiting = bool(timeline.waits) and timeline.waits[-1].end > timeline.now
    return replace(
        state,
        spent_seconds=timeline.charged(until),
        paused=state.paused and end is None,
        end=end,
        ended_at=ended_at,
        judge_broken=is_waiting and end is None,
        notices=(*notices, *notice_free_time(timeline, until)),
    )


def _utc(wall: float) -> datetime:
    return datetime.fromtimestamp(min(max(wall, 0.0), _LAST_WALL), UTC)


def require_open(state: AttemptState) -> None:
    """The attempt is not over."""
    if state.end is None:
        return
    if state.end is End.EXPIRED and state.ended_at is not None:
        what = (
            f"Time is up: the {count_text(state.minutes, 'minute')} of attempt {state.id} "
            f"ended on {local_time(state.ended_at):%Y-%m-%d at %H:%M}."
        )
    elif state.end is End.COMPLETED:
        what = f"Attempt {state.id} is over: every level was accepted."
    else:
        what = f"Attempt {state.id} is over: it was finished."
    raise RequestError(
        what,
        hint="harness report  # plain pytest still works in the workspace",
    )


def require_running(state: AttemptState) -> None:
    """The attempt is not over, and not paused."""
    require_open(state)
    if state.paused:
        raise RequestError(
            f"Attempt {state.id} is paused: nothing can be tested or submitted meanwhile.",
            hint="harness resume",
        )


def require_pausable(state: AttemptState) -> None:
    """The clock runs and may be stopped."""
    require_open(state)
    _require_practice(state, "cannot be paused")
    if state.paused:
        raise RequestError(f"Attempt {state.id} is already paused.", hint="harness resume")


def require_paused(state: AttemptState) -> None:
    """The clock stands still."""
    require_open(state)
    if not state.paused:
        raise RequestError(
            f"Attempt {state.id} is not paused: its clock is running.", hint="harness status"
        )


def require_extensible(state: AttemptState) -> None:
    """The time limit may be raised."""
    require_open(state)
    _require_practice(state, "cannot be extended")


def require_revealable(state: AttemptState) -> None:
    """The current level's reference may be shown."""
    require_open(state)
    _require_practice(state, "shows no reference before its end")
    require_running(state)


def require_hintable(state: AttemptState) -> None:
    """A hint may be shown."""
    require_open(state)
    _require_practice(state, "has no hints")
    require_running(state)


def _require_practice(state: AttemptState, what: str) -> None:
    if state.mode is Mode.EXAM:
        left = remaining_text(max(0.0, state.remaining_seconds))
        raise RequestError(
            f"Attempt {state.id} is an exam: it {what}. Its clock runs on ({left}).",
            hint=f"harness start {quoted(state.problem)} --mode practice",
        )
