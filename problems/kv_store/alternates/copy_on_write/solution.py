"""Contents that are never changed, only replaced, on a time line of their own.

A backup is a reference to a content and its local time. A restore takes both back, so that the
content lives on as if no time had passed. The lock hands the store over to the first in line.
"""

import threading
from collections import deque
from contextlib import contextmanager


class UnknownBackup(LookupError):
    """There is no backup with this number."""


class ReentrantCall(RuntimeError):
    """A callback called the store that is running it."""


class Queue:
    """A fair lock: who leaves opens the door for the first in line, and for reads behind a read."""

    def __init__(self):
        self._mutex = threading.Lock()
        self._line = deque()  # (is a write, door)
        self._reads_inside = 0
        self._write_inside = False
        self._mine = threading.local()

    @contextmanager
    def inside(self, write):
        if getattr(self._mine, "inside", False):
            raise ReentrantCall("the store is busy with this very thread")
        door = threading.Event()
        with self._mutex:
            self._line.append((write, door))
            self._open_doors()
        door.wait()
        self._mine.inside = True
        try:
            yield
        finally:
            self._mine.inside = False
            with self._mutex:
                if write:
                    self._write_inside = False
                else:
                    self._reads_inside -= 1
                self._open_doors()

    def _open_doors(self):
        while self._line and not self._write_inside:
            write, door = self._line[0]
            if write and self._reads_inside:
                return
            self._line.popleft()
            if write:
                self._write_inside = True
            else:
                self._reads_inside += 1
            door.set()


class KVStore:
    def __init__(self):
        self._content = {}  # key: {field: (value, local end or None)}; replaced, never changed
        self._lag = 0  # the clock minus the local time of the content
        self._clock = 0
        self._clock_mutex = threading.Lock()
        self._backups = []  # (content, local time)
        self._queue = Queue()

    @contextmanager
    def _at(self, timestamp, write):
        """Be inside the store; gives the local time."""
        with self._queue.inside(write):
            with self._clock_mutex:
                self._clock = max(self._clock, timestamp or 0)
                local = self._clock - self._lag
            yield local

    def set(self, key, value, *, ttl=None, timestamp=None):
        return self.set_field(key, "value", value, ttl=ttl, timestamp=timestamp)

    def set_field(self, key, field, value, *, ttl=None, timestamp=None):
        with self._at(timestamp, write=True) as local:
            return self._replace(local, key, field, value, ttl) is None

    def get(self, key, *, timestamp=None):
        return self.get_field(key, "value", timestamp=timestamp)

    def get_field(self, key, field, *, timestamp=None):
        with self._at(timestamp, write=False) as local:
            return _values(self._content.get(key, {}), local).get(field)

    def delete(self, key, *, timestamp=None):
        with self._at(timestamp, write=True) as local:
            record = self._content.get(key, {})
            self._content = {k: r for k, r in self._content.items() if k != key}
            return len(_values(record, local)) > 0

    def delete_field(self, key, field, *, timestamp=None):
        with self._at(timestamp, write=True) as local:
            return self._replace(local, key, field, None, None) is not None

    def scan(self, prefix, after=None, limit=None, *, timestamp=None):
        with self._at(timestamp, write=False) as local:
            pairs = self._pairs(local, prefix)
        if after is not None:
            pairs = [pair for pair in pairs if pair[0] > after]
        return pairs if limit is None else pairs[:limit]

    def count(self, *, timestamp=None):
        with self._at(timestamp, write=False) as local:
            return len(self._pairs(local, ""))

    def view(self, prefix, callback, *, timestamp=None):
        with self._at(timestamp, write=False) as local:
            return callback(self._pairs(local, prefix))

    def update(self, key, field, callback, *, ttl=None, timestamp=None):
        with self._at(timestamp, write=True) as local:
            answer = callback(_values(self._content.get(key, {}), local).get(field))
            self._replace(local, key, field, answer, ttl)
            return answer

    def backup(self, *, timestamp=None):
        with self._at(timestamp, write=True) as local:
            self._backups.append((self._content, local))
            return len(self._backups)

    def restore(self, number, *, timestamp=None):
        with self._at(timestamp, write=True) as local:
            if number not in range(1, len(self._backups) + 1):
                raise UnknownBackup(number)
            now = local + self._lag
            self._content, saved_local = self._backups[number - 1]
            self._lag = now - saved_local
            return len(self._pairs(saved_local, ""))

    def _replace(self, local, key, field, value, ttl):
        """Put `value` into a new content, or no field for None; return the old value."""
        record = self._content.get(key, {})
        old = _values(record, local).get(field)
        record = {f: cell for f, cell in record.items() if f != field}
        if value is not None:
            record[field] = (value, None if ttl is None else local + ttl)
        self._content = {**self._content, key: record}
        return old

    def _pairs(self, local, prefix):
        records = {
            key: _values(record, local)
            for key, record in self._content.items()
            if key.startswith(prefix)
        }
        return sorted((key, record) for key, record in records.items() if record)


def _values(record, local):
    """The values in `record` that are there at this local time."""
    return {f: value for f, (value, end) in record.items() if end is None or local < end}
