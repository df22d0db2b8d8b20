"""Snapshots and judgements in the database, each stored once under the hash of its content."""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import TYPE_CHECKING

from harness.errors import StateError
from harness.model.judgement import Judgement
from harness.model.plain import from_plain, to_plain
from harness.model.problem import Snapshot

if TYPE_CHECKING:
    import sqlite3


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
