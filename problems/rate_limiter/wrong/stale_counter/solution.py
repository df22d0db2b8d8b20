"""A fixed-window rate limiter."""


class RateLimiter:
    """Admits up to `limit` requests per user in every window of `window` seconds."""

    def __init__(self, limit: int, window: int) -> None:
        self._limit = limit
        self._window = window
        self._counts: dict[str, tuple[int, int]] = {}

    def allow(self, user: str, timestamp: int) -> bool:
        """Admit and count a request, or refuse it and count nothing."""
        index, count = self._counts.get(user, (0, 0))
        if index != timestamp // self._window:
            index, count = timestamp // self._window, 0
        if count >= self._limit:
            return False
        self._counts[user] = (index, count + 1)
        return True

    def remaining(self, user: str, timestamp: int) -> int:
        """How many more requests of the user would be admitted at `timestamp`."""
        return self._limit - self._counts.get(user, (0, 0))[1]

    def retry_after(self, user: str, timestamp: int) -> int:
        """Seconds until a request of the user would be admitted; 0 means now."""
        if self.remaining(user, timestamp) > 0:
            return 0
        return self._window - timestamp % self._window
