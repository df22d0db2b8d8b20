"""A key-value store of records whose fields can expire."""

import math
from typing import NamedTuple

PLAIN = "value"  # the field that set and get mean
NEVER = math.inf


class UnknownBackup(LookupError):
    """There is no backup with this number."""


class Cell(NamedTuple):
    """A field's value, and the first second at which the field is gone."""

    value: str
    expires_at: float  # an int, or NEVER


Records = dict[str, dict[str, Cell]]


def shifted(records: Records, seconds: int) -> Records:
    """Return a copy of `records` in which each field expires `seconds` later."""
    return {
        key: {field: Cell(value, end + seconds) for field, (value, end) in record.items()}
        for key, record in records.items()
    }


class KVStore:
    """Records under text keys; a record has one or more named text fields.

    `_records` still holds what has expired or lost its last field: to know what is there,
    ask `_live` and `_live_records`.
    """

    def __init__(self) -> None:
        self._records: Records = {}
        self._backups: list[Records] = []  # in these, expiry is the seconds that were left
        self._clock = 0

    def set(
        self, key: str, value: str, *, ttl: int | None = None, timestamp: int | None = None
    ) -> bool:
        """Write the plain field of `key`; return whether that field is new."""
        return self.set_field(key, PLAIN, value, ttl=ttl, timestamp=timestamp)

    def set_field(
        self,
        key: str,
        field: str,
        value: str,
        *,
        ttl: int | None = None,
        timestamp: int | None = None,
    ) -> bool:
        """Write a field of `key` that lives for `ttl` seconds; return whether it is new."""
        now = self._advance(timestamp)
        is_new = field not in self._live(key, now)
        expires_at = NEVER if ttl is None else now + ttl
        self._records.setdefault(key, {})[field] = Cell(value, expires_at)
        return is_new

    def get(self, key: str, *, timestamp: int | None = None) -> str | None:
        """Return the plain field of `key`, or None."""
        return self.get_field(key, PLAIN, timestamp=timestamp)

    def get_field(self, key: str, field: str, *, timestamp: int | None = None) -> str | None:
        """Return a field of `key`, or None."""
        cell = self._live(key, self._advance(timestamp)).get(field)
        return None if cell is None else cell.value

    def delete(self, key: str, *, timestamp: int | None = None) -> bool:
        """Remove `key` with all its fields; return whether it was there."""
        was_there = bool(self._live(key, self._advance(timestamp)))
        self._records.pop(key, None)
        return was_there

    def delete_field(self, key: str, field: str, *, timestamp: int | None = None) -> bool:
        """Remove a field, and the key with its last field; return whether the field was there."""
        if field not in self._live(key, self._advance(timestamp)):
            return False
        del self._records[key][field]
        return True

    def scan(
        self,
        prefix: str,
        after: str | None = None,
        limit: int | None = None,
        *,
        timestamp: int | None = None,
    ) -> list[tuple[str, dict[str, str]]]:
        """Return the first `limit` keys under `prefix` behind `after`, with their records."""
        records = self._live_records(self._advance(timestamp))
        keys = sorted(
            key for key in records if key.startswith(prefix) and (after is None or key > after)
        )
        return [
            (key, {field: cell.value for field, cell in records[key].items()})
            for key in keys[:limit]
        ]

    def count(self, *, timestamp: int | None = None) -> int:
        """Return the number of keys."""
        return len(self._live_records(self._advance(timestamp)))

    def backup(self, *, timestamp: int | None = None) -> int:
        """Save the whole content; return the number of the backup, from 1."""
        now = self._advance(timestamp)
        self._backups.append(shifted(self._live_records(now), -now))
        return len(self._backups)

    def restore(self, number: int, *, timestamp: int | None = None) -> int:
        """Replace the whole content by that of a backup; return its number of keys."""
        now = self._advance(timestamp)
        if not 1 <= number <= len(self._backups):
            raise UnknownBackup(number)
        for key, record in shifted(self._backups[number - 1], now).items():
            self._records.setdefault(key, {}).update(record)
        return len(self._live_records(now))

    def _advance(self, timestamp: int | None) -> int:
        """Move the clock forward to `timestamp`, never back; return what it shows."""
        if timestamp is not None:
            self._clock = max(self._clock, timestamp)
        return self._clock

    def _live(self, key: str, now: int) -> dict[str, Cell]:
        record = self._records.get(key, {})
        return {field: cell for field, cell in record.items() if now < cell.expires_at}

    def _live_records(self, now: int) -> Records:
        return {key: live for key in self._records if (live := self._live(key, now))}
