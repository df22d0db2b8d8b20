"""A rate limiter whose answers, about now or the past, derive from what happened to a user."""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class UnknownTier(Exception):
    """No tier of that name has been added."""


class Standing(NamedTuple):
    """Where a user stands at some moment."""

    tier: str | None
    used: int
    remaining: int


class Record(NamedTuple):
    """What happened to one user, oldest first. It is never changed, only replaced."""

    admitted: tuple[tuple[int, int], ...] = ()
    """(moment, units) of each admitted request."""
    changes: tuple[tuple[int, str | None, int, int], ...] = ()
    """(moment, tier, units in use just before, requests admitted before) of each tier change."""

    def until(self, at: int) -> "Record":
        return Record(
            tuple(request for request in self.admitted if request[0] <= at),
            tuple(change for change in self.changes if change[0] <= at),
        )


@dataclass(frozen=True)
class FixedWindow:
    """At most `limit` units in each window; windows start at the multiples of `window`."""

    limit: int
    window: int

    def used(self, past: Record, at: int) -> int:
        start = at - at % self.window
        return sum(units for moment, units in past.admitted if moment >= start)

    @property
    def memory(self) -> int:
        """Seconds after which a request no longer counts."""
        return self.window


@dataclass(frozen=True)
class SlidingWindow:
    """At most `limit` units in any `window` seconds on end."""

    limit: int
    window: int

    def used(self, past: Record, at: int) -> int:
        return sum(units for moment, units in past.admitted if moment > at - self.window)

    @property
    def memory(self) -> int:
        """Seconds after which a request no longer counts."""
        return self.window


@dataclass(frozen=True)
class TokenBucket:
    """Holds `limit` units and regains `refill` units per `period` seconds, evenly."""

    limit: int
    refill: int
    period: int

    def used(self, past: Record, at: int) -> int:
        since, _, carried, first = past.changes[-1]
        log = [(since, min(carried, self.limit)), *past.admitted[first:]]
        # What is missing is counted in parts of 1/period of a unit, so that it stays whole.
        missing = 0
        moments = [*(moment for moment, _ in log), at]
        for (_, units), (start, end) in zip(log, pairwise(moments), strict=True):
            missing = max(0, missing + units * self.period - (end - start) * self.refill)
        return -(-missing // self.period)

    @property
    def memory(self) -> int:
        """Seconds after which even a bucket that gains one unit a period is full again."""
        return self.limit * self.period


class RateLimiter:
    """Admits requests by their cost, under the default plan or the user's tier."""

    def __init__(self, limit: int, window: int) -> None:
        self._plans: dict[str | None, FixedWindow | SlidingWindow | TokenBucket] = {
            None: FixedWindow(limit, window)
        }
        self._costs: dict[str | None, int] = {}
        self._records: dict[str, Record] = {}

    def add_tier(self, name: str, capacity: int, refill: int, period: int) -> None:
        """Add a tier of token buckets."""
        self._plans[name] = TokenBucket(capacity, refill, period)

    def add_window_tier(self, name: str, limit: int, window: int) -> None:
        """Add a tier of sliding windows."""
        self._plans[name] = SlidingWindow(limit, window)

    def set_tier(self, user: str, tier: str | None, timestamp: int) -> None:
        """Move the user to a tier, or to the default plan; what is in use stays in use."""
        if tier not in self._plans:
            self.set_tier(user, None, timestamp)
            raise UnknownTier(tier)
        record = self._record(user)
        before = self._standing(record, timestamp)
        if tier != before.tier:
            change = (timestamp, tier, before.used, len(record.admitted))
            self._records[user] = record._replace(changes=(*record.changes, change))

    def set_cost(self, endpoint: str, cost: int) -> None:
        """Set what each later request to the endpoint costs."""
        self._costs[endpoint] = cost

    def allow(self, user: str, timestamp: int, endpoint: str | None = None) -> bool:
        """Admit a request and charge its cost, or refuse it and charge nothing."""
        cost = self._costs.get(endpoint, 1)
        record = self._record(user)
        if cost > self._standing(record, timestamp).remaining:
            return False
        request = (timestamp, cost)
        self._records[user] = record._replace(admitted=(*record.admitted, request))
        return True

    def remaining(self, user: str, timestamp: int) -> int:
        """How many whole units the user could spend at `timestamp`."""
        return self._standing(self._record(user), timestamp).remaining

    def retry_after(self, user: str, timestamp: int, endpoint: str | None = None) -> int | None:
        """Seconds until such a request would be admitted; 0 means now, None never."""
        record = self._record(user)
        plan = self._plans[self._standing(record, timestamp).tier]
        cost = self._costs.get(endpoint, 1)
        if cost > plan.limit:
            return None

        def fits(wait: int) -> bool:
            return cost <= self._standing(record, timestamp + wait).remaining

        # While nothing is admitted the remaining units only grow: search for the first fit.
        return bisect_left(range(plan.memory), True, key=fits)

    def status(self, user: str, at: int) -> dict[str, str | int | None]:
        """The user's tier, used and remaining units at the end of the second `at`."""
        return self._standing(self._record(user), at)._asdict()

    def usage(self, user: str, start: int, end: int) -> int:
        """Units of the requests admitted at start <= moment < end."""
        admitted = self._record(user).admitted
        return sum(units for moment, units in admitted if start <= moment < end)

    def _record(self, user: str) -> Record:
        return self._records.get(user, Record())

    def _standing(self, record: Record, at: int) -> Standing:
        past = record.until(at)
        tier = past.changes[-1][1] if past.changes else None
        plan = self._plans[tier]
        used = plan.used(past, at)
        return Standing(tier, used, max(0, plan.limit - used))
