"""The one file that holds all attempts: its tables, transactions and backups.

Import this module inside functions: it imports ``sqlite3``.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from harness.attempts.locks import exclusive, locks_folder
from harness.attempts.storage_errors import WAIT_SECONDS, explain_errors
from harness.errors import RequestError, StateError
from harness.words import quoted

FILE_NAME = "attempts.db"

_OLDEST_SQLITE = (3, 37)

_MIGRATIONS = (
    """
    CREATE TABLE attempts (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE events (
        attempt TEXT NOT NULL REFERENCES attempts (id),
        seq INTEGER NOT NULL CHECK (seq >= 1),
        kind TEXT NOT NULL,
        reading TEXT NOT NULL,
        data TEXT NOT NULL,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL UNIQUE,
        PRIMARY KEY (attempt, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE blobs (
        hash TEXT PRIMARY KEY,
        zlib BLOB NOT NULL
    ) STRICT;
    CREATE TABLE snapshots (
        hash TEXT PRIMARY KEY
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE snapshot_files (
        snapshot TEXT NOT NULL REFERENCES snapshots (hash),
        name TEXT NOT NULL,
        blob TEXT NOT NULL REFERENCES blobs (hash),
        PRIMARY KEY (snapshot, name)
    ) STRICT, WITHOUT ROWID;
    """
    + "".join(
        f"""
    CREATE TRIGGER {table}_refuse_{verb} BEFORE {verb} ON {table}
    BEGIN SELECT RAISE (ABORT, '{table} is append-only'); END;
    """
        for table in ("attempts", "events", "blobs", "snapshots", "snapshot_files")
        for verb in ("update", "delete")
    ),
)
"""Script number n migrates from ``user_version`` n to n + 1."""


class Database:
    """A connection to the file, safe to use from several threads and processes at once."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path) -> Database:
        """Open the file, and create or migrate its tables if needed. Raises StateError."""
        if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
            raise StateError(
                f"This Python has SQLite {sqlite3.sqlite_version}, but harness needs 3.37.",
                hint="Install a newer Python, then install harness with it.",
            )
        with explain_errors(path):
            _make_folder(path.parent)
            try:
                return cls._connect(path)
            except sqlite3.OperationalError:
                # WAL needs files beside the record. On a full or read-only disk they cannot be
                # created, but a record that no process has open can be read without them.
                if not _is_settled(path):
                    raise
                return cls._connect(path, "?mode=ro&immutable=1")

    @classmethod
    def _connect(cls, path: Path, options: str = "") -> Database:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}{options}",
            timeout=WAIT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )
        try:
            database = cls(path, connection)
            database._prepare()
        except BaseException:
            connection.close()
            raise
        return database

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Provide a connection that sees the content of one moment. Raises StateError."""
        # There is nothing to commit, and after a damaged page SQLite would refuse to.
        with self._transaction("BEGIN", end="ROLLBACK") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Provide a connection whose changes are all durable at the end, or all undone.

        No other process writes meanwhile. Raises StateError.
        """
        with self._transaction("BEGIN IMMEDIATE", end="COMMIT") as connection:
            yield connection

    def back_up(self, target: Path) -> None:
        """Write a complete copy to ``target``, even while other processes write.

        Raises RequestError when ``target`` exists.
        """
        if target.exists():
            raise RequestError(
                f"{target} already exists, and a backup never overwrites a file.",
                hint=f"harness attempts backup {quoted(_free_beside(target))}",
            )
        partial = target.with_name(f"{target.name}.part")
        with self._lock, explain_errors(target):
            try:
                with closing(sqlite3.connect(partial)) as copy:
                    self._connection.backup(copy)
                partial.rename(target)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise

    def restore(self, backup: sqlite3.Connection) -> Path:
        """Replace the content by that of ``backup``; return the file that keeps the old content."""
        numbers = (self.path.with_name(f"{FILE_NAME}.replaced-{n}") for n in range(1, 10_000))
        kept = next(path for path in numbers if not path.exists())
        self.back_up(kept)
        with self._lock, explain_errors(self.path):
            backup.backup(self._connection)
            self._prepare()
        return kept

    @contextmanager
    def _transaction(self, begin: str, *, end: str) -> Iterator[sqlite3.Connection]:
        with self._lock, explain_errors(self.path):
            self._connection.execute(begin)
            try:
                yield self._connection
                self._connection.execute(end)
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def _prepare(self) -> None:
        execute = self._connection.execute
        execute("PRAGMA foreign_keys = ON")
        execute("PRAGMA recursive_triggers = ON")
        # Each commit is flushed to the disk, on macOS through the drive's cache, before it returns.
        execute("PRAGMA synchronous = FULL")
        execute("PRAGMA fullfsync = ON")
        if self._version() > len(_MIGRATIONS):
            raise StateError(
                f"{self.path} was written by a newer harness: its format is {self._version()}, "
                f"and this harness knows formats up to {len(_MIGRATIONS)}.",
                hint="pip install --upgrade progressive-harness",
            )
        if self._version() < len(_MIGRATIONS):
            self._migrate()

    def _migrate(self) -> None:
        # SQLite does not wait when it changes the journal mode, so only one process may do it.
        locks = locks_folder(self.path.parent)
        locks.mkdir(mode=0o700, exist_ok=True)
        with exclusive(locks / "migration.lock"):
            self._connection.execute("PRAGMA journal_mode = WAL")
            with self.writing() as connection:
                for script in _MIGRATIONS[self._version() :]:
                    for statement in _split(script):
                        connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")

    def _version(self) -> int:
        row: tuple[int] = self._connection.execute("PRAGMA user_version").fetchone()
        return row[0]


@contextmanager
def open_backup(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a backup for reading. Raises RequestError when this harness cannot read it."""
    hint = "harness attempts restore FILE  (a file that `harness attempts backup` wrote)"
    if not path.is_file():
        raise RequestError(f"There is no file {path}.", hint)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as backup:
            (version,) = backup.execute("PRAGMA user_version").fetchone()
            backup.execute("SELECT 1 FROM events LIMIT 1")
            if not 0 < version <= len(_MIGRATIONS):
                raise RequestError(
                    f"{path} was written by a newer harness: its format is {version}, and this "
                    f"harness knows formats up to {len(_MIGRATIONS)}.",
                    "pip install --upgrade progressive-harness",
                )
            yield backup
    except sqlite3.Error as error:
        raise RequestError(
            f"{path} is not a backup of a record of attempts: {error}.", hint
        ) from error


def _split(script: str) -> Iterator[str]:
    """Yield the statements of ``script``, because ``executescript`` would commit first."""
    statement = ""
    for line in script.splitlines():
        statement += f"{line}\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _is_settled(path: Path) -> bool:
    """Return whether the one file holds the whole record, as after its last user closed it."""
    log = path.with_name(f"{path.name}-wal")
    try:
        return path.stat().st_size > 0 and (not log.exists() or log.stat().st_size == 0)
    except OSError:
        return False


def _make_folder(folder: Path) -> None:
    """Create the home if it is missing, so that it survives a power cut."""
    if folder.is_dir():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _free_beside(taken: Path) -> Path:
    """Return a path beside ``taken`` that does not exist."""
    names = (f"{taken.stem}-{number}{taken.suffix}" for number in count(2))
    return next(taken.with_name(name) for name in names if not taken.with_name(name).exists())
