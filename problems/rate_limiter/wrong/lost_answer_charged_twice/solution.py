"""A rate limiter whose records may live in a store that several nodes share.

Every answer, about now or the past, derives from the record of what happened to the user.
"""

from bisect import bisect_left
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Any, NamedTuple

ATTEMPTS = 5


class StoreUnavailable(Exception):
    """No attempt of an operation got through to the store."""


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
    done: tuple[tuple[str | None, int], ...] = ()
    """(node, number) of each operation that has made its write."""

    def until(self, at: int) -> "Record":
        return Record(
            tuple(request for request in self.admitted if request[0] <= at),
            tuple(change for change in self.changes if change[0] <= at),
        )

    def now(self, timestamp: int) -> int:
        """The moment at which a request with this timestamp counts: time never runs back."""
        requests = [moment for moment, _ in self.admitted]
        changes = [change[0] for change in self.changes]
        return max([timestamp, *requests, *changes])


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


def load_nothing(key: str) -> tuple[Any, int]:
    """The store of a limiter that shares none: it has nothing newer to tell."""
    return None, 0


def write_nothing(key: str, version: int, value: Any) -> bool:
    """The store of a limiter that shares none: nobody else has written."""
    return True


class RateLimiter:
    """Admits requests by their cost, under the default plan or the user's tier."""

    def __init__(
        self,
        limit: int,
        window: int,
        node: str | None = None,
        load: Callable[[str], tuple[Any, int]] | None = None,
        compare_and_set: Callable[[str, int, Any], bool] | None = None,
    ) -> None:
        self._plans: dict[str | None, FixedWindow | SlidingWindow | TokenBucket] = {
            None: FixedWindow(limit, window)
        }
        self._costs: dict[str | None, int] = {}
        # Without a store all that matters is what this limiter knows itself.
        self._load = load or load_nothing
        self._compare_and_set = compare_and_set or write_nothing
        self._known: dict[str, tuple[Record, int]] = {}  # newest record and version seen, by user
        self._node = node
        self._numbers = count()

    def add_tier(self, name: str, capacity: int, refill: int, period: int) -> None:
        """Add a tier of token buckets."""
        self._plans[name] = TokenBucket(capacity, refill, period)

    def add_window_tier(self, name: str, limit: int, window: int) -> None:
        """Add a tier of sliding windows."""
        self._plans[name] = SlidingWindow(limit, window)

    def set_tier(self, user: str, tier: str | None, timestamp: int) -> None:
        """Move the user to a tier, or to the default plan; what is in use stays in use."""
        if tier not in self._plans:
            raise UnknownTier(tier)

        def change(record: Record) -> Record | None:
            now = record.now(timestamp)
            before = self._standing(record, now)
            if tier == before.tier:
                return None
            entry = (now, tier, before.used, len(record.admitted))
            return record._replace(changes=(*record.changes, entry))

        self._update(user, change)

    def set_cost(self, endpoint: str, cost: int) -> None:
        """Set what each later request to the endpoint costs."""
        self._costs[endpoint] = cost

    def allow(self, user: str, timestamp: int, endpoint: str | None = None) -> bool:
        """Admit a request and charge its cost, or refuse it and charge nothing."""
        cost = self._costs.get(endpoint, 1)

        def charge(record: Record) -> Record | None:
            now = record.now(timestamp)
            if cost > self._standing(record, now).remaining:
                return None
            return record._replace(admitted=(*record.admitted, (now, cost)))

        try:
            return self._update(user, charge)
        except StoreUnavailable:
            return False

    def remaining(self, user: str, timestamp: int) -> int:
        """How many whole units the user could spend at `timestamp`."""
        record = self._record(user)
        return self._standing(record, record.now(timestamp)).remaining

    def retry_after(self, user: str, timestamp: int, endpoint: str | None = None) -> int | None:
        """Seconds until such a request would be admitted; 0 means now, None never."""
        record = self._record(user)
        now = record.now(timestamp)
        plan = self._plans[self._standing(record, now).tier]
        cost = self._costs.get(endpoint, 1)
        if cost > plan.limit:
            return None

        def fits(wait: int) -> bool:
            return cost <= self._standing(record, now + wait).remaining

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
        """The newest record within reach, for a query."""
        for _ in range(ATTEMPTS):
            with suppress(ConnectionError):
                return self._read(user)[0]
        if user not in self._known:
            raise StoreUnavailable(user)
        return self._known[user][0]

    def _update(self, user: str, decide: Callable[[Record], Record | None]) -> bool:
        """Replace the record by what `decide` makes of it, once; False if that is None."""
        operation = (self._node, next(self._numbers))
        for _ in range(ATTEMPTS):
            with suppress(ConnectionError):
                record, version = self._read(user)
                after = decide(record)
                if after is None:
                    return False
                after = after._replace(done=(*record.done, operation))
                if self._compare_and_set(user, version, tuple(after)):
                    self._learn(user, after, version + 1)
                    return True
        raise StoreUnavailable(user)

    def _read(self, user: str) -> tuple[Record, int]:
        """Load once; the newest record and version that this node has seen."""
        value, version = self._load(user)
        self._learn(user, Record(*(value or ())), version)
        return self._known[user]

    def _learn(self, user: str, record: Record, version: int) -> None:
        if user not in self._known or version > self._known[user][1]:
            self._known[user] = (record, version)

    def _standing(self, record: Record, at: int) -> Standing:
        past = record.until(at)
        tier = past.changes[-1][1] if past.changes else None
        plan = self._plans[tier]
        used = plan.used(past, at)
        return Standing(tier, used, max(0, plan.limit - used))
