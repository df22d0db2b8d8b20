"""A key-value store of records whose fields can expire, shared by threads."""

import functools
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

PLAIN = "value"  # the field that set and get mean
NEVER = math.inf


class UnknownBackup(LookupError):
    """There is no backup with this number."""


class ReentrantCall(RuntimeError):
    """A callback called the store that is running it."""


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


class ReadWriteLock:
    """Shared by readers, exclusive for a writer; a waiting writer holds later readers back."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._readers: set[int] = set()  # idents of the threads inside
        self._writer: int | None = None
        self._writers_waiting = 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold the lock together with other readers."""
        me = threading.get_ident()
        with self._changed:
            self._refuse_reentry(me)
            self._changed.wait_for(lambda: self._writer is None and self._writers_waiting == 0)
            self._readers.add(me)
        try:
            yield
        finally:
            with self._changed:
                self._readers.remove(me)
                self._changed.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock alone."""
        me = threading.get_ident()
        with self._changed:
            self._refuse_reentry(me)
            self._writers_waiting += 1
            self._changed.wait_for(lambda: self._writer is None and not self._readers)
            self._writers_waiting -= 1
            self._writer = me
        try:
            yield
        finally:
            with self._changed:
                self._writer = None
                self._changed.notify_all()

    def _refuse_reentry(self, me: int) -> None:
        if me == self._writer or me in self._readers:
            raise ReentrantCall("a callback must not call the store that runs it")


def reads(method: Callable) -> Callable:
    """Let `method` run beside other reads, but not beside a write."""

    @functools.wraps(method)
    def locked(self, *args, **kwargs):
        with self._lock.reading():
            return method(self, *args, **kwargs)

    return locked


def writes(method: Callable) -> Callable:
    """Let `method` run alone."""

    @functools.wraps(method)
    def locked(self, *args, **kwargs):
        with self._lock.writing():
            return method(self, *args, **kwargs)

    return locked


class KVStore:
    """Records under text keys; a record has one or more named text fields.

    A public method is a read, a write, or passes its call on to one of these. The private
    ones take no lock.

    `_records` still holds what has expired or lost its last field: to know what is there,
    ask `_live` and `_live_records`.
    """

    def __init__(self) -> None:
        self._records: Records = {}
        self._backups: list[Records] = []  # in these, expiry is the seconds that were left
        self._clock = 0
        self._clock_lock = threading.Lock()  # reads move the clock too
        self._lock = ReadWriteLock()

    def set(
        self, key: str, value: str, *, ttl: int | None = None, timestamp: int | None = None
    ) -> bool:
        """Write the plain field of `key`; return whether that field is new."""
        return self.set_field(key, PLAIN, value, ttl=ttl, timestamp=timestamp)

    @writes
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
        return self._put(key, field, value, ttl, self._advance(timestamp))

    def get(self, key: str, *, timestamp: int | None = None) -> str | None:
        """Return the plain field of `key`, or None."""
        return self.get_field(key, PLAIN, timestamp=timestamp)

    @reads
    def get_field(self, key: str, field: str, *, timestamp: int | None = None) -> str | None:
        """Return a field of `key`, or None."""
        return self._peek(key, field, self._advance(timestamp))

    @writes
    def delete(self, key: str, *, timestamp: int | None = None) -> bool:
        """Remove `key` with all its fields; return whether it was there."""
        was_there = bool(self._live(key, self._advance(timestamp)))
        self._records.pop(key, None)
        return was_there

    @writes
    def delete_field(self, key: str, field: str, *, timestamp: int | None = None) -> bool:
        """Remove a field, and the key with its last field; return whether the field was there."""
        if field not in self._live(key, self._advance(timestamp)):
            return False
        del self._records[key][field]
        return True

    @reads
    def scan(
        self,
        prefix: str,
        after: str | None = None,
        limit: int | None = None,
        *,
        timestamp: int | None = None,
    ) -> list[tuple[str, dict[str, str]]]:
        """Return the first `limit` keys under `prefix` behind `after`, with their records."""
        return self._list(prefix, after, limit, self._advance(timestamp))

    @reads
    def view(
        self, prefix: str, callback: Callable[[list], Any], *, timestamp: int | None = None
    ) -> Any:
        """Return what `callback` answers to a scan of `prefix`; nothing is written meanwhile."""
        return callback(self._list(prefix, None, None, self._advance(timestamp)))

    def update(
        self,
        key: str,
        field: str,
        callback: Callable[[str | None], str | None],
        *,
        ttl: int | None = None,
        timestamp: int | None = None,
    ) -> str | None:
        """Replace a field by what `callback` makes of it, None meaning no field; return that."""
        hold = self._lock.writing()
        hold.__enter__()
        self._hold = hold
        now = self._advance(timestamp)
        answer = callback(self._peek(key, field, now))
        if answer is None:
            self._records.get(key, {}).pop(field, None)
        else:
            self._put(key, field, answer, ttl, now)
        self._hold.__exit__(None, None, None)
        return answer

    @reads
    def count(self, *, timestamp: int | None = None) -> int:
        """Return the number of keys."""
        return len(self._live_records(self._advance(timestamp)))

    @writes
    def backup(self, *, timestamp: int | None = None) -> int:
        """Save the whole content; return the number of the backup, from 1."""
        now = self._advance(timestamp)
        self._backups.append(shifted(self._live_records(now), -now))
        return len(self._backups)

    @writes
    def restore(self, number: int, *, timestamp: int | None = None) -> int:
        """Replace the whole content by that of a backup; return its number of keys."""
        now = self._advance(timestamp)
        if not 1 <= number <= len(self._backups):
            raise UnknownBackup(number)
        self._records = shifted(self._backups[number - 1], now)
        return len(self._records)

    def _advance(self, timestamp: int | None) -> int:
        """Move the clock forward to `timestamp`, never back; return what it shows."""
        with self._clock_lock:
            if timestamp is not None:
                self._clock = max(self._clock, timestamp)
            return self._clock

    def _peek(self, key: str, field: str, now: int) -> str | None:
        cell = self._live(key, now).get(field)
        return None if cell is None else cell.value

    def _put(self, key: str, field: str, value: str, ttl: int | None, now: int) -> bool:
        is_new = field not in self._live(key, now)
        expires_at = NEVER if ttl is None else now + ttl
        self._records.setdefault(key, {})[field] = Cell(value, expires_at)
        return is_new

    def _list(
        self, prefix: str, after: str | None, limit: int | None, now: int
    ) -> list[tuple[str, dict[str, str]]]:
        records = self._live_records(now)
        keys = sorted(
            key for key in records if key.startswith(prefix) and (after is None or key > after)
        )
        return [
            (key, {field: cell.value for field, cell in records[key].items()})
            for key in keys[:limit]
        ]

    def _live(self, key: str, now: int) -> dict[str, Cell]:
        record = self._records.get(key, {})
        return {field: cell for field, cell in record.items() if now < cell.expires_at}

    def _live_records(self, now: int) -> Records:
        return {key: live for key in self._records if (live := self._live(key, now))}
