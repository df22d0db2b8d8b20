"""Your solution. Edit this file; keep the names and signatures."""


class RateLimiter:
    """Admits up to `limit` requests per user in every window of `window` seconds."""

    def __init__(self, limit: int, window: int) -> None:
        raise NotImplementedError

    def allow(self, user: str, timestamp: int) -> bool:
        """Admit and count a request (True), or refuse it (False)."""
        raise NotImplementedError

    def remaining(self, user: str, timestamp: int) -> int:
        """How many more requests of the user would be admitted at `timestamp`."""
        raise NotImplementedError

    def retry_after(self, user: str, timestamp: int) -> int:
        """Seconds until a request of the user would be admitted; 0 means now."""
        raise NotImplementedError
