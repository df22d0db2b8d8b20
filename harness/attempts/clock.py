"""The clocks of the machine, and the time axis of an attempt that is drawn from them.

Jumps of the wall clock do not move that axis; it runs on during sleep.
"""

from __future__ import annotations

import sys
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, Self

from harness.attempts.log import Kind
from harness.model.attempt import Event, Reading
from harness.model.frozen import frozen
from harness.model.judgement import Verdict
from harness.words import duration_text

JUDGING_ALLOWANCE_SECONDS = 10.0
"""The most that starting the judge and recording its judgement may add to the judging."""

MOST_JUDGING_SECONDS = 600.0
"""The longest that the clock of an attempt stands still in all while its submissions are judged. A
solution that is slow on purpose buys no more time to think."""
MOST_WAITING_SECONDS = 3600.0
"""The longest that the clock of an attempt waits in all while the judge is broken."""

_AWAKE_SECONDS = 0.2
_SUSPENDED_SECONDS = 1.0
"""A shorter gap may be a busy machine."""

_NOISE_SECONDS = 2.0
_DRIFT = 0.001
"""Clocks that differ by less than noise and drift count as equal."""
_LINUX_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

Clock = Callable[[], Reading]
"""Reads all clocks of a machine at one moment."""


def read_clocks() -> Reading:
    """Read all clocks of this machine. Raises nothing."""
    boottime = monotonic = time.monotonic()
    if sys.platform == "linux":
        boottime = time.clock_gettime(time.CLOCK_BOOTTIME)
    elif sys.platform == "darwin":
        # Unlike time.monotonic, this clock runs on during sleep.
        boottime = time.clock_gettime(time.CLOCK_MONOTONIC_RAW)
    return Reading(wall=time.time(), boot_id=_boot_id(), boottime=boottime, monotonic=monotonic)


@cache  # a process never outlives its boot
def _boot_id() -> str:
    """Return a text that changes with every boot; empty where the system has none."""
    if sys.platform == "linux":
        return read_boot_id(_LINUX_BOOT_ID)
    if sys.platform == "darwin":
        import ctypes

        return sysctl_text("kern.bootsessionuuid", ctypes.CDLL(None).sysctlbyname)
    return ""


def read_boot_id(path: Path) -> str:
    """Return the text in ``path``; empty when it cannot be read."""
    try:
        return path.read_text("ascii", errors="replace").strip()
    except OSError:
        return ""


def sysctl_text(name: str, sysctlbyname: Callable[..., int]) -> str:
    """Return the text that macOS's ``sysctlbyname`` gives for ``name``; empty on failure."""
    import ctypes

    buffer = ctypes.create_string_buffer(128)
    size = ctypes.c_size_t(len(buffer))
    if sysctlbyname(name.encode(), buffer, ctypes.byref(size), None, ctypes.c_size_t(0)) != 0:
        return ""
    return buffer.value.decode("ascii", errors="replace")


class Suspensions:
    """Measures how long this process was stopped, as by Ctrl-Z, while the block runs.

    It is stopped when its thread, which wakes up often, does not wake up for long.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._awake_at = now()
        self._seconds = 0.0

    def __enter__(self) -> Self:
        threading.Thread(target=self._stay_awake, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()

    @property
    def seconds(self) -> float:
        """How long until now."""
        with self._lock:
            now = self._now()
            gap, self._awake_at = now - self._awake_at, now
            if gap >= _SUSPENDED_SECONDS:
                self._seconds += gap
            return self._seconds

    def _stay_awake(self) -> None:
        while not self._over.wait(_AWAKE_SECONDS):
            _ = self.seconds


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
    """Waiting for a broken judge, whether or not it is in ``free``; bounded in all."""
    judgings: tuple[Span, ...] = ()
    """Judging of submissions; of it, ``free`` has the first ``MOST_JUDGING_SECONDS``."""

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


def draw_timeline(events: Sequence[Event], now: Reading) -> Timeline:
    """Place ``events`` and ``now`` on one axis."""
    *at, now_at = _place([*(event.reading for event in events), now])
    waits = tuple(_bounded(_waits(events, at), MOST_WAITING_SECONDS))
    judgings = tuple(_judgings(events, at))
    spans = [*_pauses(events, at), *_bounded(judgings, MOST_JUDGING_SECONDS), *waits]
    return Timeline(at=tuple(at), now=now_at, free=_merge(spans), waits=waits, judgings=judgings)


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


def _pauses(events: Sequence[Event], at: Sequence[float]) -> Iterator[Span]:
    paused_at: float | None = None
    for event, moment in zip(events, at, strict=True):
        if event.kind == Kind.PAUSED and paused_at is None:
            paused_at = moment
        elif event.kind == Kind.RESUMED and paused_at is not None:
            yield Span(paused_at, moment)
            paused_at = None
    if paused_at is not None:
        yield Span(paused_at, float("inf"))


def _judgings(events: Sequence[Event], at: Sequence[float]) -> Iterator[Span]:
    """Yield the judging time of every submission that was judged in the boot it was made in.

    A judge that was killed and started again later must not give time away: at most the duration
    in the judgement counts, measured back from the end, which is when the judge ran. Judging that
    the candidate stopped counts alike. Time in which the command was suspended does not count.
    """
    since: tuple[str, float] | None = None
    suspended = 0.0
    for event, moment in zip(events, at, strict=True):
        boot_id = event.reading.boot_id
        if event.kind == Kind.SUBMITTED:
            since, suspended = (boot_id, moment), 0.0
        elif event.kind == Kind.SUSPENDED:
            suspended += event.data["seconds"]
        elif event.kind in (Kind.JUDGED, Kind.CANCELLED) and since is not None:
            if since[0] == boot_id:
                longest = event.data["seconds"] + JUDGING_ALLOWANCE_SECONDS
                free = min(moment - since[1] - suspended, longest)
                yield Span(moment - max(0.0, free), moment)
            # Without a verdict the same submission may be judged again, from here on.
            cancelled = event.kind == Kind.CANCELLED
            again = cancelled or event.data["verdict"] == Verdict.JUDGE_ERROR
            since, suspended = (boot_id, moment) if again else None, 0.0


def _waits(events: Sequence[Event], at: Sequence[float]) -> Iterator[Span]:
    """Yield the time from each failure of the judge to the candidate's next action.

    It is given at once and never taken back, so every clock shown before stays right.
    """
    failed_at: float | None = None
    for event, moment in zip(events, at, strict=True):
        still_waits = event.kind in (Kind.MOVED, Kind.EXTENDED, Kind.PAUSED)
        if event.kind == Kind.TESTED:
            still_waits = event.data["broken"]
        if failed_at is not None and not still_waits:
            yield Span(failed_at, moment)
            failed_at = None
        if event.kind == Kind.JUDGED and event.data["broken"]:
            failed_at = moment
    if failed_at is not None:
        yield Span(failed_at, float("inf"))


def _bounded(spans: Iterable[Span], most_seconds: float) -> Iterator[Span]:
    """Yield the first ``most_seconds`` of ``spans``."""
    left = most_seconds
    for span in spans:
        if left > 0:
            yield span._replace(end=min(span.end, span.start + left))
            left -= span.end - span.start


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


def notice_oddities(readings: Sequence[Reading], paused: Sequence[bool]) -> Iterator[str]:
    """Yield sentences about irregular clocks between each reading and the next.

    ``paused[i]`` says whether the attempt was paused after ``readings[i]``, when sleep costs
    nothing.
    """
    for (before, after), was_paused in zip(pairwise(readings), paused, strict=False):
        wall = after.wall - before.wall
        if not before.boot_id or before.boot_id != after.boot_id:
            if before.boot_id != after.boot_id:
                yield "the computer was restarted"
            if wall < -_NOISE_SECONDS:
                yield (
                    f"the computer's clock was set back by {duration_text(-wall)} or more; "
                    "the time that passed meanwhile is unknown and was not counted"
                )
            continue
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


def notice_free_time(timeline: Timeline, until: float) -> Iterator[str]:
    """Yield sentences about the time before ``until`` in which the judge held up the clock."""
    waited = _total(timeline.waits, until)
    if waited > _NOISE_SECONDS:
        ending = " (it waits no longer)" if waited >= MOST_WAITING_SECONDS else ""
        yield f"the judge was broken; the clock stood still for {duration_text(waited)}{ending}"
    judged = _total(timeline.judgings, until)
    if judged > MOST_JUDGING_SECONDS:
        most = duration_text(MOST_JUDGING_SECONDS)
        yield f"judging took {duration_text(judged)}; the clock stood still for the first {most}"


def _total(spans: Iterable[Span], until: float) -> float:
    return sum(min(span.end, until) - min(span.start, until) for span in spans)
