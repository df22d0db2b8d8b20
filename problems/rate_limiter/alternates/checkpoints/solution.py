"""A rate limiter that keeps one checkpoint per event and answers by bisection.

A checkpoint is (moment, tier, missing, total, operation): the tier from that moment on, what its
bucket lacks in parts of 1/period of a unit, and all units ever admitted. Windows are differences
of totals; a bucket only has to be refilled from its last checkpoint.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Any

START = (0, None, 0, 0, None)


class UnknownTier(Exception):
    """No tier of that name has been added."""


class StoreUnavailable(Exception):
    """The store gave no usable answer in all attempts."""


def moment_of(checkpoint: tuple) -> int:
    return checkpoint[0]


def ceil_div(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor)


class Window:
    """Fixed or sliding: the units admitted since a start that moves in steps or evenly."""

    def __init__(self, limit: int, length: int, sliding: bool) -> None:
        self.limit = limit
        self.length = length
        self.sliding = sliding

    def used(self, line: list, at: int) -> int:
        start = at - self.length + 1 if self.sliding else at - at % self.length
        before = bisect_left(line, start, key=moment_of) - 1
        return line[-1][3] - (line[before][3] if before >= 0 else 0)

    def wait(self, line: list, now: int, cost: int) -> int:
        if self.used(line, now) + cost <= self.limit:
            return 0
        if not self.sliding:
            return self.length - now % self.length
        spare = line[-1][3] + cost - self.limit  # the total that has to leave the window
        last = bisect_left(line, spare, key=lambda checkpoint: checkpoint[3])
        return line[last][0] + self.length - now

    def enter(self, used: int) -> int:
        return 0

    def spend(self, line: list, now: int, cost: int) -> int:
        return 0


class Bucket:
    """Works on what is missing, in parts of 1/period of a unit."""

    def __init__(self, limit: int, refill: int, period: int) -> None:
        self.limit = limit
        self.refill = refill
        self.period = period

    def missing(self, line: list, at: int) -> int:
        moment, _, missing, _, _ = line[-1]
        return max(0, missing - (at - moment) * self.refill)

    def used(self, line: list, at: int) -> int:
        return ceil_div(self.missing(line, at), self.period)

    def wait(self, line: list, now: int, cost: int) -> int:
        room = (self.limit - cost) * self.period
        return max(0, ceil_div(self.missing(line, now) - room, self.refill))

    def enter(self, used: int) -> int:
        return min(used, self.limit) * self.period

    def spend(self, line: list, now: int, cost: int) -> int:
        return self.missing(line, now) + cost * self.period


class Book:
    """All users' lines of checkpoints, wherever they are stored."""

    def __init__(self, node: str | None, load: Callable | None, save: Callable | None) -> None:
        self.node = node
        self.load = load
        self.save = save
        self.count = 0
        self.newest: dict[str, tuple[list, int]] = {}

    def fetch(self, user: str) -> bool:
        """Ask the store once and keep the newer pair; False if it did not answer."""
        pair: tuple[Any, int] = (None, 0)
        if self.load is not None:
            try:
                pair = self.load(user)
            except ConnectionError:
                return False
        self.keep(user, list(pair[0] or [START]), pair[1])
        return True

    def keep(self, user: str, line: list, version: int) -> None:
        if version > self.newest.get(user, (None, -1))[1]:
            self.newest[user] = (line, version)

    def line(self, user: str) -> list:
        """The newest line that can be had."""
        any(self.fetch(user) for _ in range(5))
        if user not in self.newest:
            raise StoreUnavailable(user)
        return self.newest[user][0]

    def append(self, user: str, make: Callable[[list], tuple | None]) -> bool:
        """Append the checkpoint that `make` returns, once; False if it returns None."""
        self.count += 1
        operation = f"{self.node}:{self.count}"
        for _ in range(5):
            if not self.fetch(user):
                continue
            line, version = self.newest[user]
            if any(checkpoint[4] == operation for checkpoint in line):
                return True
            checkpoint = make(line)
            if checkpoint is None:
                return False
            longer = [*line, (*checkpoint, operation)]
            try:
                if self.save is None or self.save(user, version, longer):
                    self.keep(user, longer, version + 1)
                    return True
            except ConnectionError:
                pass
        raise StoreUnavailable(user)


class RateLimiter:
    def __init__(
        self,
        limit: int,
        window: int,
        node: str | None = None,
        load: Callable | None = None,
        compare_and_set: Callable | None = None,
    ) -> None:
        self._plans: dict[str | None, Window | Bucket] = {None: Window(limit, window, False)}
        self._costs: dict[str | None, int] = {}
        self._book = Book(node, load, compare_and_set)

    def add_tier(self, name: str, capacity: int, refill: int, period: int) -> None:
        self._plans[name] = Bucket(capacity, refill, period)

    def add_window_tier(self, name: str, limit: int, window: int) -> None:
        self._plans[name] = Window(limit, window, True)

    def set_cost(self, endpoint: str, cost: int) -> None:
        self._costs[endpoint] = cost

    def set_tier(self, user: str, tier: str | None, timestamp: int) -> None:
        if tier not in self._plans:
            raise UnknownTier(tier)

        def move(line: list) -> tuple | None:
            now = max(timestamp, line[-1][0])
            _, old, _, total, _ = line[-1]
            if old == tier:
                return None
            missing = self._plans[tier].enter(self._plans[old].used(line, now))
            return (now, tier, missing, total)

        self._book.append(user, move)

    def allow(self, user: str, timestamp: int, endpoint: str | None = None) -> bool:
        cost = self._cost(endpoint)

        def admit(line: list) -> tuple | None:
            now = max(timestamp, line[-1][0])
            _, tier, _, total, _ = line[-1]
            plan = self._plans[tier]
            if plan.used(line, now) + cost > plan.limit:
                return None
            return (now, tier, plan.spend(line, now, cost), total + cost)

        try:
            return self._book.append(user, admit)
        except StoreUnavailable:
            return False

    def remaining(self, user: str, timestamp: int) -> int:
        line = self._book.line(user)
        return self._describe(line, max(timestamp, line[-1][0]))["remaining"]

    def retry_after(self, user: str, timestamp: int, endpoint: str | None = None) -> int | None:
        line = self._book.line(user)
        plan = self._plans[line[-1][1]]
        cost = self._cost(endpoint)
        if cost > plan.limit:
            return None
        return plan.wait(line, max(timestamp, line[-1][0]), cost)

    def status(self, user: str, at: int) -> dict:
        line = self._book.line(user)
        return self._describe(line[: bisect_right(line, at, key=moment_of)], at)

    def usage(self, user: str, start: int, end: int) -> int:
        line = self._book.line(user)
        moments = [checkpoint[0] for checkpoint in line]
        totals = [checkpoint[3] for checkpoint in line]
        first, last = bisect_left(moments, start), bisect_left(moments, end)
        return max(0, [0, *totals][last] - [0, *totals][first])

    def _describe(self, line: list, at: int) -> dict:
        tier = line[-1][1]
        plan = self._plans[tier]
        used = plan.used(line, at)
        return {"tier": tier, "used": used, "remaining": max(0, plan.limit - used)}

    def _cost(self, endpoint: str | None) -> int:
        return self._costs.get(endpoint, 1)
