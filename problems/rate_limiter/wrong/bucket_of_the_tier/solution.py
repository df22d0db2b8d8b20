"""A rate limiter: fixed windows by default, token buckets for users with a tier."""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

Log = list[tuple[int, int]]  # admitted requests of one user as (moment, units), oldest first


class UnknownTier(Exception):
    """No tier of that name has been added."""


@dataclass(frozen=True)
class FixedWindow:
    """At most `limit` units in each window; windows start at the multiples of `window`."""

    limit: int
    window: int

    def used(self, log: Log, at: int) -> int:
        start = at - at % self.window
        return sum(units for moment, units in log if moment >= start)

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

    def used(self, log: Log, at: int) -> int:
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
        self._plans: dict[str | None, FixedWindow | TokenBucket] = {
            None: FixedWindow(limit, window)
        }
        self._tiers: dict[str, str] = {}
        self._costs: dict[str | None, int] = {}
        self._admitted: dict[str, Log] = {}

    def add_tier(self, name: str, capacity: int, refill: int, period: int) -> None:
        """Add a tier of token buckets."""
        self._plans[name] = TokenBucket(capacity, refill, period)

    def set_tier(self, user: str, tier: str, timestamp: int) -> None:
        """Put the user into a tier, with a full bucket."""
        if tier not in self._plans:
            raise UnknownTier(tier)
        self._tiers[user] = tier

    def set_cost(self, endpoint: str, cost: int) -> None:
        """Set what each later request to the endpoint costs."""
        self._costs[endpoint] = cost

    def allow(self, user: str, timestamp: int, endpoint: str | None = None) -> bool:
        """Admit a request and charge its cost, or refuse it and charge nothing."""
        cost = self._costs.get(endpoint, 1)
        if cost > self.remaining(user, timestamp):
            return False
        self._admitted.setdefault(self._tiers.get(user, user), []).append((timestamp, cost))
        return True

    def remaining(self, user: str, timestamp: int) -> int:
        """How many whole units the user could spend at `timestamp`."""
        plan = self._plans[self._tiers.get(user)]
        return plan.limit - plan.used(
            self._admitted.get(self._tiers.get(user, user), []), timestamp
        )

    def retry_after(self, user: str, timestamp: int, endpoint: str | None = None) -> int | None:
        """Seconds until such a request would be admitted; 0 means now, None never."""
        plan = self._plans[self._tiers.get(user)]
        cost = self._costs.get(endpoint, 1)
        if cost > plan.limit:
            return None

        def fits(wait: int) -> bool:
            return cost <= self.remaining(user, timestamp + wait)

        # While nothing is admitted the remaining units only grow: search for the first fit.
        return bisect_left(range(plan.memory), True, key=fits)
