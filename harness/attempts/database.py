"""The one file that holds all attempts: its tables, its transactions, and what its errors mean.

Import this module inside functions: it loads ``sqlite3``.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from harness.attempts.locks import exclusive, locks_folder
from harness.errors import RequestError, StateError
from harness.words import quoted

FILE_NAME = "attempts.db"

_WAIT_SECONDS = 10.0
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
"""Script number n takes a database from ``user_version`` n to n + 1."""


class Database:
    """A connection to the file, safe to use from several threads and beside other processes."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path) -> Database:
        """Open the file, and make or migrate its tables where needed. Raises StateError."""
        if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
            raise StateError(
                f"This Python brings SQLite {sqlite3.sqlite_version}; at least 3.37 is needed.",
                hint="Install a newer Python, then install harness with it.",
            )
        with explain_errors(path):
            _make_folder(path.parent)
            try:
                return cls._connect(path)
            except sqlite3.OperationalError:
                # WAL needs files beside the record. Where none can be made, as on a full or
                # read-only disk, a record that nobody has open can be read without them.
                if not _is_settled(path):
                    raise
                return cls._connect(path, "?mode=ro&immutable=1")

    @classmethod
    def _connect(cls, path: Path, options: str = "") -> Database:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}{options}",
            timeout=_WAIT_SECONDS,
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
        """Give a connection that sees one moment's content throughout. Raises StateError."""
        # There is nothing to commit, and a page that was found damaged makes SQLite refuse to.
        with self._transaction("BEGIN", end="ROLLBACK") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection whose changes are all durable at the end, or all undone.

        No other process writes meanwhile. Raises StateError.
        """
        with self._transaction("BEGIN IMMEDIATE", end="COMMIT") as connection:
            yield connection

    def back_up(self, target: Path) -> None:
        """Write a whole copy to ``target``, also while others write.

        Raises RequestError when ``target`` exists.
        """
        if target.exists():
            raise RequestError(
                f"{target} exists already, and a backup never overwrites a file.",
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
        """Replace the whole content by that of ``backup``; return where the old one was kept."""
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
        # Each commit is flushed to the disk before it returns, on macOS through the drive's cache.
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
        # Asking for a journal mode is not covered by the busy wait, so only one process may.
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
    """Open a backup for reading. Raises RequestError when it is none that this harness can read."""
    hint = "Name a file that `harness attempts backup FILE` wrote."
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
            f"{path} is no backup of a record of attempts: {error}.", hint
        ) from error


def _split(script: str) -> Iterator[str]:
    """Yield the statements of ``script``; ``executescript`` would commit before it begins."""
    statement = ""
    for line in script.splitlines():
        statement += f"{line}\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _is_settled(path: Path) -> bool:
    """Whether all of the record is in its one file, which is so after its last user closed it."""
    log = path.with_name(f"{path.name}-wal")
    try:
        return path.stat().st_size > 0 and (not log.exists() or log.stat().st_size == 0)
    except OSError:
        return False


def _make_folder(folder: Path) -> None:
    """Make the home when there is none, so that its name outlives a power cut."""
    if folder.is_dir():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def explain_errors(path: Path) -> Iterator[None]:
    """Turn whatever goes wrong with ``path`` inside into a StateError that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explain_sqlite(error, path) from error
    except OSError as error:
        raise explain_os_error(error, path) from error


def explain_os_error(error: OSError, path: Path) -> StateError:
    """Return the StateError that says what an OSError with the state file ``path`` means."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _refused(path)
    return StateError(
        f"The record of attempts at {path} cannot be used: {error.strerror or error}.",
        hint=f"ls -ld {quoted(path.parent)}",
    )


def _explain_sqlite(error: sqlite3.Error, path: Path) -> StateError:
    # The low byte is the kind of error, the rest only details.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StateError(
            f"Another harness has been writing to {path} for {_WAIT_SECONDS:.0f} seconds.",
            hint="Wait until it is done, then type the same command again.",
        )
    if code == sqlite3.SQLITE_CORRUPT:
        return StateError(
            f"The record of attempts at {path} is damaged ({error}).",
            hint="harness attempts verify  (says what can still be read, and what to do)",
        )
    if code == sqlite3.SQLITE_NOTADB:
        return StateError(
            f"The record of attempts at {path} is damaged ({error}): nothing of it can be read.",
            hint=f"{put_aside(path)}  (then bring a backup back: harness attempts restore FILE)",
        )
    if code == sqlite3.SQLITE_FULL or _no_space_left(path.parent):
        return _full(path)  # with shared memory for its log, SQLite calls that an I/O error
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
        return _refused(path)
    return StateError(
        f"The record of attempts at {path} cannot be used: {error}.",
        hint=f"df -h {quoted(path.parent)}",
    )


def _free_beside(taken: Path) -> Path:
    """Return a path beside ``taken`` that does not exist."""
    names = (f"{taken.stem}-{number}{taken.suffix}" for number in count(2))
    return next(taken.with_name(name) for name in names if not taken.with_name(name).exists())


def put_aside(path: Path) -> str:
    """Return the command that moves a record out of the way, with the log that belongs to it."""
    folder = path.parent / "damaged"
    return f"mkdir {quoted(folder)} && mv {quoted(path)}* {quoted(folder)}"


def _no_space_left(folder: Path) -> bool:
    try:
        return os.statvfs(folder).f_bavail == 0
    except OSError:
        return False


def _full(path: Path) -> StateError:
    return StateError(
        f"The disk is full: nothing was recorded in {path}.",
        hint=f"df -h {quoted(path.parent)}  (once some is free, type the same command again)",
    )


def _refused(path: Path) -> StateError:
    return StateError(
        f"The record of attempts at {path} cannot be written: its folder or the file is read-only, "
        "or belongs to somebody else.",
        hint=f"chmod -R u+rwX {quoted(path.parent)}, or keep the record elsewhere: "
        "export HARNESS_HOME=~/harness-home",
    )
