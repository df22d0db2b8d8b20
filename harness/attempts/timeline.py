"""The time axis of an attempt: jumps of the wall clock do not move it; it runs on during sleep."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from harness.attempts.events import (
    Extended,
    Judged,
    Moved,
    Paused,
    Payload,
    Resumed,
    Submitted,
    Tested,
)
from harness.model.attempt import Reading
from harness.model.frozen import frozen
from harness.model.judgement import Verdict
from harness.words import duration_text

JUDGING_ALLOWANCE_SECONDS = 10.0
"""The most that starting the judge and recording its judgement may add to the judging."""

_NOISE_SECONDS = 2.0
_DRIFT = 0.001
"""Clocks that differ by less than noise and drift count as equal."""


class Span(NamedTuple):
    """A stretch of attempt seconds that is not charged."""

    start: float
    end: float
    charged_before: float = 0.0
    """Charged seconds before its start."""


@frozen
class Timeline:
    """The time of each event in seconds since the attempt was created."""

    at: tuple[float, ...]
    """One entry per event, never decreasing."""
    now: float
    free: tuple[Span, ...]
    """Pauses, judging and waiting for a broken judge; sorted, without overlap."""
    waits: tuple[Span, ...] = ()
    """Waiting for a broken judge, whether or not it is in ``free``; the last may be endless."""

    def charged(self, at: float) -> float:
        """Return how much of the first ``at`` attempt seconds is charged."""
        begun = bisect_left(self.free, at, key=attrgetter("start"))
        if begun == 0:
            return at
        last = self.free[begun - 1]
        return last.charged_before + max(0.0, at - last.end)

    def when_charged(self, charged: float) -> float:
        """Return the attempt second at which ``charged`` seconds have been charged."""
        passed = bisect_left(self.free, charged, key=attrgetter("charged_before"))
        if passed == 0:
            return charged
        last = self.free[passed - 1]
        return last.end + charged - last.charged_before


def draw_timeline(
    readings: Sequence[Reading], payloads: Sequence[Payload], now: Reading
) -> Timeline:
    """Place the events, given by readings and payloads, and ``now`` on one axis."""
    *at, now_at = _place([*readings, now])
    waits = tuple(_waits(payloads, at))
    spans = [*_pauses(payloads, at), *_judgings(readings, payloads, at), *waits]
    return Timeline(at=tuple(at), now=now_at, free=_merge(spans), waits=waits)


def _place(readings: Sequence[Reading]) -> Iterator[float]:
    """Yield the attempt seconds of each reading.

    Within a boot the boottime clock decides. After a reboot only the wall clock is left: it is
    compared with the last known reading, and never moves time back.
    """
    last: tuple[Reading, float] | None = None
    last_of_boot: dict[str, tuple[Reading, float]] = {}
    for reading in readings:
        if last is None:
            at = 0.0
        elif reading.boot_id in last_of_boot:
            known, known_at = last_of_boot[reading.boot_id]
            # The difference first: rounding must not give one reading two times.
            at = max(last[1], known_at + (reading.boottime - known.boottime))
        else:
            at = last[1] + max(0.0, reading.wall - last[0].wall)
        yield at
        last = (reading, at)
        if reading.boot_id:
            last_of_boot[reading.boot_id] = last


def _pauses(payloads: Sequence[Payload], at: Sequence[float]) -> Iterator[Span]:
    paused_at: float | None = None
    for payload, moment in zip(payloads, at, strict=True):
        if isinstance(payload, Paused) and paused_at is None:
            paused_at = moment
        elif isinstance(payload, Resumed) and paused_at is not None:
            yield Span(paused_at, moment)
            paused_at = None
    if paused_at is not None:
        yield Span(paused_at, float("inf"))


def _judgings(
    readings: Sequence[Reading], payloads: Sequence[Payload], at: Sequence[float]
) -> Iterator[Span]:
    """Yield the judging time of every submission that was judged in the boot it was made in.

    A judge that was killed and started again later must not give time away: at most the duration
    in the judgement counts, measured back from the end, which is when the judge ran.
    """
    since: tuple[str, float] | None = None
    for reading, payload, moment in zip(readings, payloads, at, strict=True):
        if isinstance(payload, Submitted):
            since = (reading.boot_id, moment)
        elif isinstance(payload, Judged) and since is not None:
            boot_id, start = since
            if boot_id == reading.boot_id:
                credit = min(moment - start, payload.seconds + JUDGING_ALLOWANCE_SECONDS)
                yield Span(moment - credit, moment)
            # After a judge error the same submission may be judged again, from here on.
            failed = payload.verdict is Verdict.JUDGE_ERROR
            since = (reading.boot_id, moment) if failed else None


def _waits(payloads: Sequence[Payload], at: Sequence[float]) -> Iterator[Span]:
    """Yield the time from each failure of the judge to the candidate's next action.

    It is given at once and never taken back, so every clock shown before stays right.
    """
    failed_at: float | None = None
    for payload, moment in zip(payloads, at, strict=True):
        if failed_at is not None and not _leaves_waiting(payload):
            yield Span(failed_at, moment)
            failed_at = None
        if isinstance(payload, Judged) and payload.broken:
            failed_at = moment
    if failed_at is not None:
        yield Span(failed_at, float("inf"))


def _leaves_waiting(payload: Payload) -> bool:
    """Whether the wait for a broken judge goes on after this event."""
    if isinstance(payload, Tested):
        return payload.broken
    return isinstance(payload, (Moved, Extended, Paused))


def _merge(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return ``spans`` sorted and without overlap, with the charged time before each."""
    merged: list[Span] = []
    for span in sorted(spans):
        last = merged[-1] if merged else Span(0.0, 0.0)
        if merged and span.start <= last.end:
            merged[-1] = last._replace(end=max(last.end, span.end))
        else:
            charged_before = last.charged_before + span.start - last.end
            merged.append(span._replace(charged_before=charged_before))
    return tuple(merged)


def notice_oddities(readings: Sequence[Reading], paused: Sequence[bool]) -> tuple[str, ...]:
    """Return sentences about irregular clocks between each reading and the next.

    ``paused[i]`` says whether the attempt was paused after ``readings[i]``, when sleep costs
    nothing.
    """
    return tuple(
        notice
        for (before, after), was_paused in zip(pairwise(readings), paused, strict=False)
        for notice in _notices_between(before, after, was_paused)
    )


def notice_waits(timeline: Timeline, until: float) -> tuple[str, ...]:
    """Return a sentence about the time before ``until`` that the clock waited for the judge."""
    waited = sum(min(wait.end, until) - min(wait.start, until) for wait in timeline.waits)
    if waited <= _NOISE_SECONDS:
        return ()
    return (f"the judge was broken for {duration_text(waited)}; the clock stood still",)


def _notices_between(before: Reading, after: Reading, was_paused: bool) -> Iterator[str]:
    wall = after.wall - before.wall
    if not before.boot_id or before.boot_id != after.boot_id:
        behind = wall < -_NOISE_SECONDS
        if before.boot_id != after.boot_id:
            yield "the computer was restarted"
        if behind:
            yield (
                f"the computer's clock was set back by {duration_text(-wall)} or more; "
                "the time that passed meanwhile is unknown and was not counted"
            )
        return
    elapsed = after.boottime - before.boottime
    noise = _NOISE_SECONDS + _DRIFT * abs(elapsed)
    jump = wall - elapsed
    if abs(jump) > noise:
        direction = "back" if jump < 0 else "forward"
        yield (
            f"the computer's clock was set {direction} by {duration_text(abs(jump))}; "
            "the attempt's clock did not follow"
        )
    slept = elapsed - (after.monotonic - before.monotonic)
    if slept > noise and not was_paused:
        yield f"the computer slept for {duration_text(slept)}; the clock ran on"
