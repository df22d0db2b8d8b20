"""The ids of attempts, and one attempt's event log inside a transaction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from harness.attempts.events import Payload, Record, read_records, write_record
from harness.attempts.replay import Replayed, replay_all
from harness.errors import RequestError
from harness.model.attempt import Event, Reading
from harness.model.plain import to_plain
from harness.words import nearest

if TYPE_CHECKING:
    import sqlite3

COLUMNS = "attempt, seq, kind, reading, data, previous_hash, hash"
"""The columns of the table ``events``, in the order of a ``Record``."""
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 6
_PATTERN = re.compile(rf"[{_ALPHABET}]{{{_LENGTH}}}")


def new_attempt_id() -> str:
    """Return a random id of six characters, without the look-alikes 0 o 1 l i."""
    import secrets

    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def is_attempt_id(text: str) -> bool:
    """Whether ``text`` could be the id of an attempt."""
    return _PATTERN.fullmatch(text) is not None


class Log:
    """The events of one attempt, read once and kept equal to the database."""

    def __init__(
        self, connection: sqlite3.Connection, attempt_id: str, events: list[Event], now: Reading
    ) -> None:
        self.events = events
        self.connection = connection
        self._attempt_id = attempt_id
        self._now = now

    @classmethod
    def begin(cls, connection: sqlite3.Connection, attempt_id: str, now: Reading) -> Self:
        """Create the log of a new attempt. Raises RequestError for a malformed or taken id."""
        if not is_attempt_id(attempt_id) or attempt_id in list_ids(connection):
            raise RequestError(
                f"{attempt_id!r} cannot be the id of a new attempt: it is taken or malformed.",
                hint="harness history",
            )
        connection.execute("INSERT INTO attempts (id) VALUES (?)", (attempt_id,))
        return cls(connection, attempt_id, [], now)

    @classmethod
    def load(cls, connection: sqlite3.Connection, attempt_id: str, now: Reading) -> Self:
        """Read the log and check its chain.

        Raises RequestError, with the nearest id, when there is no such attempt, and StateError
        when it is damaged.
        """
        require_known(connection, attempt_id)
        rows = connection.execute(
            f"SELECT {COLUMNS} FROM events WHERE attempt = ? ORDER BY seq", (attempt_id,)
        )
        events = read_records(attempt_id, map(Record._make, rows))
        return cls(connection, attempt_id, events, now)

    def append(self, payloads: Sequence[Payload]) -> None:
        """Write ``payloads`` as the next events, all at the time of the transaction."""
        for payload in payloads:
            record = write_record(
                self._attempt_id,
                seq=len(self.events) + 1,
                payload=payload,
                reading=self._now,
                previous_hash=self.events[-1].hash if self.events else "",
            )
            self.connection.execute(
                f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", record
            )
            self.events.append(
                Event(
                    attempt=self._attempt_id,
                    seq=record.seq,
                    kind=record.kind,
                    reading=self._now,
                    data=to_plain(payload),
                    previous_hash=record.previous_hash,
                    hash=record.hash,
                )
            )

    def replay(self) -> Replayed:
        """Return the state at the time of the transaction. Raises StateError."""
        return replay_all(self.events, self._now)


def require_known(connection: sqlite3.Connection, attempt_id: str) -> None:
    """Raise RequestError, with the nearest id, when there is no attempt with this id."""
    known = list_ids(connection)
    if attempt_id not in known:
        near = nearest(attempt_id, known)
        did_you_mean = f" Did you mean {near}?" if near else ""
        raise RequestError(
            f"There is no attempt {attempt_id!r}.{did_you_mean}", hint="harness history"
        )


def list_ids(connection: sqlite3.Connection) -> list[str]:
    """Return the ids of all attempts, oldest first."""
    return [row[0] for row in connection.execute("SELECT id FROM attempts ORDER BY number")]
