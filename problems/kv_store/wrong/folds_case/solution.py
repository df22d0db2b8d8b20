"""A key-value store."""


class KVStore:
    """Text values under text keys."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def set(self, key: str, value: str) -> bool:
        """Store `value` under `key`; return whether the key is new."""
        key = key.lower()
        is_new = key not in self._values
        self._values[key] = value
        return is_new

    def get(self, key: str) -> str | None:
        """Return the value under `key`, or None."""
        return self._values.get(key.lower())

    def delete(self, key: str) -> bool:
        """Remove `key`; return whether it was there."""
        return self._values.pop(key.lower(), None) is not None

    def count(self) -> int:
        """Return the number of keys."""
        return len(self._values)
