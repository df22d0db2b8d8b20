"""A key-value store of records."""

PLAIN = "value"  # the field that set and get mean


class KVStore:
    """Records under text keys; a record has one or more named text fields."""

    def __init__(self) -> None:
        self._records: dict[str, dict[str, str]] = {}  # never holds an empty record

    def set(self, key: str, value: str) -> bool:
        """Write the plain field of `key`; return whether that field is new."""
        return self.set_field(key, PLAIN, value)

    def set_field(self, key: str, field: str, value: str) -> bool:
        """Write a field of `key`; return whether that field is new."""
        record = self._records.setdefault(key, {})
        is_new = field not in record
        record[field] = value
        return is_new

    def get(self, key: str) -> str | None:
        """Return the plain field of `key`, or None."""
        return self.get_field(key, PLAIN)

    def get_field(self, key: str, field: str) -> str | None:
        """Return a field of `key`, or None."""
        return self._records.get(key, {}).get(field)

    def delete(self, key: str) -> bool:
        """Remove `key` with all its fields; return whether it was there."""
        return self._records.pop(key, None) is not None

    def delete_field(self, key: str, field: str) -> bool:
        """Remove a field, and the key with its last field; return whether the field was there."""
        if self.get_field(key, field) is None:
            return False
        del self._records[key][field]
        if not self._records[key]:
            del self._records[key]
        return True

    def scan(
        self, prefix: str, after: str | None = None, limit: int | None = None
    ) -> list[tuple[str, dict[str, str]]]:
        """Return the first `limit` keys under `prefix` behind `after`, with their records."""
        if after is not None and not after.startswith(prefix):
            after = None
        keys = sorted(
            key
            for key in self._records
            if key.startswith(prefix) and (after is None or key > after)
        )
        return [(key, dict(self._records[key])) for key in keys[:limit]]

    def count(self) -> int:
        """Return the number of keys."""
        return len(self._records)
