"""An in-memory key-value store."""


class KVStore:
    """Text values under text keys."""

    def set(self, key: str, value: str) -> bool:
        """Store `value` under `key`; return True if the key is new, False if it was there."""
        raise NotImplementedError

    def get(self, key: str) -> str | None:
        """Return the value under `key`, or None if the key is not there."""
        raise NotImplementedError

    def delete(self, key: str) -> bool:
        """Remove `key`; return True if it was there."""
        raise NotImplementedError

    def count(self) -> int:
        """Return the number of keys."""
        raise NotImplementedError
