"""The tables of the database: attempts and their events, and the snapshots and judgements of them.

Files and judgements are stored once, under the hash of their content.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from typing import TYPE_CHECKING, Self

from harness.attempts.events import COLUMNS, Kind, read_row, read_rows, write_row
from harness.attempts.replay import Replay, replay
from harness.errors import RequestError, StateError
from harness.model.attempt import AttemptState, Event, Reading
from harness.model.judgement import Judgement
from harness.model.plain import from_plain, to_plain
from harness.model.problem import Snapshot
from harness.words import nearest

if TYPE_CHECKING:
    import sqlite3

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_ID = re.compile(rf"[{_ALPHABET}]{{6}}")


def new_attempt_id() -> str:
    """Return a random id of six characters, without the look-alikes 0 o 1 l i."""
    import secrets  # with random: only `start` needs it

    return "".join(secrets.choice(_ALPHABET) for _ in range(6))


class Log:
    """The events of one attempt, read once and kept equal to the database."""

    def __init__(
        self, connection: sqlite3.Connection, attempt_id: str, events: list[Event], now: Reading
    ) -> None:
        self.connection = connection
        self.events = events
        self._attempt_id = attempt_id
        self._now = now

    @classmethod
    def begin(cls, connection: sqlite3.Connection, attempt_id: str, now: Reading) -> Self:
        """Create the log of a new attempt. Raises RequestError for a malformed or taken id."""
        if not _ID.fullmatch(attempt_id) or attempt_id in list_ids(connection):
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
            f"SELECT {', '.join(COLUMNS)} FROM events WHERE attempt = ? ORDER BY seq",
            (attempt_id,),
        )
        return cls(connection, attempt_id, read_rows(attempt_id, rows), now)

    def append(self, kind: Kind, **data: object) -> None:
        """Write the next event, at the time of the transaction."""
        previous_hash = self.events[-1].hash if self.events else ""
        seq = len(self.events) + 1
        row = write_row(self._attempt_id, seq, kind, data, self._now, previous_hash)
        self.connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        self.events.append(read_row(row))

    def replay(self) -> Replay:
        """Replay the log up to the time of the transaction. Raises StateError."""
        return replay(self.events, self._now)

    @property
    def state(self) -> AttemptState:
        """The state at the time of the transaction."""
        return self.replay().state


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


def write_snapshot(connection: sqlite3.Connection, snapshot: Snapshot) -> str:
    """Store ``snapshot`` if it is not stored yet, and return its hash."""
    row = connection.execute("SELECT 1 FROM snapshots WHERE hash = ?", (snapshot.hash,)).fetchone()
    if row is None:
        connection.execute("INSERT INTO snapshots VALUES (?)", (snapshot.hash,))
        connection.executemany(
            "INSERT INTO snapshot_files VALUES (?, ?, ?)",
            [
                (snapshot.hash, name, _write_blob(connection, content))
                for name, content in snapshot.files.items()
            ],
        )
    return snapshot.hash


def read_snapshot(connection: sqlite3.Connection, snapshot_hash: str) -> Snapshot:
    """Return the snapshot with this hash. Raises StateError when it is missing or damaged."""
    rows: list[tuple[str, str]] = connection.execute(
        "SELECT name, blob FROM snapshot_files WHERE snapshot = ?", (snapshot_hash,)
    ).fetchall()
    snapshot = Snapshot(files={name: _read_blob(connection, blob) for name, blob in rows})
    if snapshot.hash != snapshot_hash:
        raise _lost("snapshot", snapshot_hash)
    return snapshot


def write_judgement(connection: sqlite3.Connection, judgement: Judgement) -> str:
    """Store ``judgement`` and return the hash of its blob."""
    # ASCII, because a solution's output may hold lone surrogates, which UTF-8 cannot write.
    return _write_blob(connection, json.dumps(to_plain(judgement)).encode("ascii"))


def read_judgement(connection: sqlite3.Connection, blob_hash: str) -> Judgement:
    """Return the judgement in this blob. Raises StateError when it is missing or damaged."""
    content = _read_blob(connection, blob_hash)
    try:
        return from_plain(Judgement, json.loads(content))
    except ValueError as error:
        raise _lost("judgement", blob_hash) from error


def _write_blob(connection: sqlite3.Connection, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    connection.execute(
        "INSERT INTO blobs VALUES (?, ?) ON CONFLICT (hash) DO NOTHING",
        (digest, zlib.compress(content)),
    )
    return digest


def _read_blob(connection: sqlite3.Connection, digest: str) -> bytes:
    row: tuple[bytes] | None = connection.execute(
        "SELECT zlib FROM blobs WHERE hash = ?", (digest,)
    ).fetchone()
    try:
        content = zlib.decompress(row[0]) if row else b""
    except zlib.error as error:
        raise _lost("content", digest) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise _lost("content", digest)
    return content


def _lost(what: str, digest: str) -> StateError:
    return StateError(
        f"The {what} {digest[:12]} is missing from the record of attempts, or damaged.",
        hint="harness attempts verify",
    )
