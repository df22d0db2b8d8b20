"""One flat table of cells, a sorted list of keys, a heap of expiries, and a ticket lock.

Writes sweep out what has expired; reads change nothing and skip it.
"""

import bisect
import heapq
import itertools
import threading
from contextlib import contextmanager


class UnknownBackup(LookupError):
    """There is no backup with this number."""


class ReentrantCall(RuntimeError):
    """A callback called the store that is running it."""


class TicketLock:
    """Serves calls in the order of their arrival; reads that follow each other share."""

    def __init__(self):
        self._left = threading.Condition()
        self._tickets = itertools.count()
        self._present = {}  # ticket: (is a write, thread), for those who wait or are inside

    @contextmanager
    def hold(self, write):
        me = threading.get_ident()
        with self._left:
            if any(thread == me for _, thread in self._present.values()):
                raise ReentrantCall("this thread is inside already")
            ticket = next(self._tickets)
            self._present[ticket] = (write, me)
            self._left.wait_for(lambda: self._is_free(ticket, write))
        try:
            yield
        finally:
            with self._left:
                del self._present[ticket]
                self._left.notify_all()

    def _is_free(self, ticket, write):
        return not any(
            other < ticket and (write or other_writes)
            for other, (other_writes, _) in self._present.items()
        )


class KVStore:
    def __init__(self):
        self._cells = {}  # (key, field): (value, end or None)
        self._fields = {}  # key: its field names, in a dict for their order
        self._keys = []  # sorted
        self._ends = []  # heap of (end, key, field), some of them out of date
        self._backups = []
        self._clock = 0
        self._clock_mutex = threading.Lock()
        self._lock = TicketLock()

    # Reads

    def get(self, key, *, timestamp=None):
        return self.get_field(key, "value", timestamp=timestamp)

    def get_field(self, key, field, *, timestamp=None):
        with self._lock.hold(write=False):
            return self._value(key, field, self._tick(timestamp))

    def scan(self, prefix, after=None, limit=None, *, timestamp=None):
        with self._lock.hold(write=False):
            found = self._walk(prefix, after, self._tick(timestamp))
            return list(itertools.islice(found, limit))

    def count(self, *, timestamp=None):
        with self._lock.hold(write=False):
            return sum(1 for _ in self._walk("", None, self._tick(timestamp)))

    def view(self, prefix, callback, *, timestamp=None):
        with self._lock.hold(write=False):
            return callback(list(self._walk(prefix, None, self._tick(timestamp))))

    # Writes

    def set(self, key, value, *, ttl=None, timestamp=None):
        return self.set_field(key, "value", value, ttl=ttl, timestamp=timestamp)

    def set_field(self, key, field, value, *, ttl=None, timestamp=None):
        with self._lock.hold(write=True):
            now = self._sweep(timestamp)
            return self._store(key, field, value, None if ttl is None else now + ttl)

    def delete(self, key, *, timestamp=None):
        with self._lock.hold(write=True):
            self._sweep(timestamp)
            fields = list(self._fields.get(key, ()))
            for field in fields:
                self._drop(key, field)
            return len(fields) > 0

    def delete_field(self, key, field, *, timestamp=None):
        with self._lock.hold(write=True):
            self._sweep(timestamp)
            return self._drop(key, field)

    def update(self, key, field, callback, *, ttl=None, timestamp=None):
        with self._lock.hold(write=True):
            now = self._sweep(timestamp)
            answer = callback(self._value(key, field, now))
            if answer is None:
                self._drop(key, field)
            else:
                self._store(key, field, answer, None if ttl is None else now + ttl)
            return answer

    def backup(self, *, timestamp=None):
        with self._lock.hold(write=True):
            now = self._sweep(timestamp)
            self._backups.append((now, dict(self._cells)))
            return len(self._backups)

    def restore(self, number, *, timestamp=None):
        with self._lock.hold(write=True):
            now = self._sweep(timestamp)
            if number < 1 or number > len(self._backups):
                raise UnknownBackup(f"no backup {number}")
            saved_at, cells = self._backups[number - 1]
            self._cells, self._fields, self._keys, self._ends = {}, {}, [], []
            for (key, field), (value, end) in cells.items():
                self._store(key, field, value, None if end is None else end - saved_at + now)
            return len(self._keys)

    # Without a lock

    def _tick(self, timestamp):
        with self._clock_mutex:
            if timestamp is not None and timestamp > self._clock:
                self._clock = timestamp
            return self._clock

    def _sweep(self, timestamp):
        now = self._tick(timestamp)
        while self._ends and self._ends[0][0] <= now:
            end, key, field = heapq.heappop(self._ends)
            if self._cells.get((key, field), (None, None))[1] == end:
                self._drop(key, field)
        return now

    def _value(self, key, field, now):
        value, end = self._cells.get((key, field), (None, None))
        return value if end is None or now < end else None

    def _walk(self, prefix, after, now):
        start = bisect.bisect_left(self._keys, prefix)
        if after is not None:
            start = max(start, bisect.bisect_right(self._keys, after))
        for key in itertools.islice(self._keys, start, None):
            if not key.startswith(prefix):
                return
            values = {field: self._value(key, field, now) for field in self._fields[key]}
            record = {field: value for field, value in values.items() if value is not None}
            if record:
                yield key, record

    def _store(self, key, field, value, end):
        is_new = (key, field) not in self._cells
        self._cells[key, field] = (value, end)
        if end is not None:
            heapq.heappush(self._ends, (end, key, field))
        if key not in self._fields:
            self._fields[key] = {}
            bisect.insort(self._keys, key)
        self._fields[key][field] = None
        return is_new

    def _drop(self, key, field):
        if self._cells.pop((key, field), None) is None:
            return False
        del self._fields[key][field]
        if not self._fields[key]:
            del self._fields[key]
            del self._keys[bisect.bisect_left(self._keys, key)]
        return True
