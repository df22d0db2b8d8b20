"""A fixed-window rate limiter."""


class RateLimiter:
    """Admits up to `limit` requests per user in every window of `window` seconds."""

    def __init__(self, limit: int, window: int) -> None:
        self._limit = limit
        self._window = window
        # The moments of the requests themselves, not a counter that goes stale.
        self._admitted: dict[str, list[int]] = {}

    def allow(self, user: str, timestamp: int) -> bool:
        """Admit and count a request, or refuse it and count nothing."""
        if self.remaining(user, timestamp) < 1:
            return False
        self._admitted.setdefault(user, []).append(timestamp)
        return True

    def remaining(self, user: str, timestamp: int) -> int:
        """How many more requests of the user would be admitted at `timestamp`."""
        start = timestamp - timestamp % self._window
        return self._limit - sum(moment >= start for moment in self._admitted.get(user, []))

    def retry_after(self, user: str, timestamp: int) -> int:
        """Seconds until a request of the user would be admitted; 0 means now."""
        if self.remaining(user, timestamp) > 0:
            return 0
        return self._window
