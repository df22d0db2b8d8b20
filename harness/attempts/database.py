"""The one file that holds all attempts: its tables, transactions, backups, locks and errors.

Import this module inside functions: it imports ``sqlite3``.
"""

from __future__ import annotations

import errno
import fcntl
import os
import resource
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from harness.errors import RequestError, StateError
from harness.words import quoted

FILE_NAME = "attempts.db"

WAIT_SECONDS = 10.0
"""How long a process waits for another one to finish writing."""

_SMALL_BYTES = 64 * 1024 * 1024
"""A limit of file sizes below this may be why a record cannot be written."""

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
    def judging(self, attempt_id: str) -> Iterator[None]:
        """Hold the right to judge this attempt. Raises RequestError when it is taken."""
        with explain_errors(self.path):
            path = _locks_folder(self.path) / f"{attempt_id}.lock"
            try:
                descriptor = _lock(path, fcntl.LOCK_NB)
            except BlockingIOError:
                holder = path.read_text("ascii", errors="replace").strip()
                by = f" by process {holder}" if holder.isdigit() else ""
                raise RequestError(
                    f"A submission of attempt {attempt_id} is being judged right now{by}.",
                    hint="harness submit  # after that one is done",
                ) from None
        try:
            yield
        finally:
            os.close(descriptor)

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
        descriptor = _lock(_locks_folder(self.path) / "migration.lock")
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            with self.writing() as connection:
                for script in _MIGRATIONS[self._version() :]:
                    for statement in _split(script):
                        connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")
        finally:
            os.close(descriptor)

    def _version(self) -> int:
        row: tuple[int] = self._connection.execute("PRAGMA user_version").fetchone()
        return row[0]


@contextmanager
def open_backup(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a backup for reading. Raises RequestError when this harness cannot read it."""
    hint = "harness attempts restore FILE  # a file that `harness attempts backup` wrote"
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


def _locks_folder(database: Path) -> Path:
    """Return the folder of all lock files; create it when missing."""
    folder = database.parent / "locks"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _lock(path: Path, flags: int = 0) -> int:
    """Lock the file ``path``, which is created when missing and never removed.

    Returns a descriptor that holds the lock until it is closed. The kernel closes it with its
    process, so a killed process leaves nothing to clean up. Raises OSError; with the flag
    ``LOCK_NB``, BlockingIOError when another process holds the lock.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | flags)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def explain_errors(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and the system about ``path`` into a StateError with the next step."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explain_sqlite(error, path) from error
    except OSError as error:
        raise _explain_os_error(error, path) from error


def _explain_os_error(error: OSError, path: Path) -> StateError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _refused(path)
    if error.errno == errno.EFBIG:
        return _too_large(path)
    return StateError(
        f"The record of attempts at {path} cannot be used: {error.strerror or error}.",
        hint=f"ls -ld {quoted(path.parent)}",
    )


def _explain_sqlite(error: sqlite3.Error, path: Path) -> StateError:
    # The low byte is the kind of error, the rest only details.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StateError(
            f"Another harness has been writing to {path} for {WAIT_SECONDS:.0f} seconds.",
            hint="the same command again  # when the other one is done",
        )
    if code == sqlite3.SQLITE_CORRUPT:
        return StateError(
            f"The record of attempts at {path} is damaged ({error}).",
            hint="harness attempts verify  # lists what can still be read, and what to do",
        )
    if code == sqlite3.SQLITE_NOTADB:
        return StateError(
            f"The record of attempts at {path} is damaged ({error}) and cannot be read.",
            hint=f"{put_aside(path)}  # then restore a backup: harness attempts restore FILE",
        )
    if code == sqlite3.SQLITE_FULL or _no_space_left(path.parent):
        return _full(path)  # with its log in shared memory, SQLite reports an I/O error
    refused = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN)
    if code in (*refused, sqlite3.SQLITE_IOERR) and _sizes_are_limited():
        return _too_large(path)
    if code in refused:
        return _refused(path)
    return StateError(
        f"The record of attempts at {path} cannot be used: {error}.",
        hint=f"df -h {quoted(path.parent)}",
    )


def put_aside(path: Path) -> str:
    """Return the command that moves a record and its log out of the way."""
    folder = path.parent / "damaged"
    return f"mkdir {quoted(folder)} && mv {quoted(path)}* {quoted(folder)}"


def _no_space_left(folder: Path) -> bool:
    try:
        return os.statvfs(folder).f_bavail == 0
    except OSError:
        return False


def _sizes_are_limited() -> bool:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    return limit != resource.RLIM_INFINITY and limit < _SMALL_BYTES


def _too_large(path: Path) -> StateError:
    return StateError(
        f"The limit of file sizes is too low here for the record of attempts at {path}.",
        hint="ulimit -f unlimited  # in a shell that may raise it",
    )


def _full(path: Path) -> StateError:
    return StateError(
        f"The disk is full: nothing was recorded in {path}.",
        hint=f"df -h {quoted(path.parent)}  # free some space, then type the same command again",
    )


def _refused(path: Path) -> StateError:
    return StateError(
        f"The record of attempts at {path} cannot be written: its folder or the file is read-only, "
        "or belongs to another user.",
        hint=f"chmod -R u+rwX {quoted(path.parent)}  # or keep the record elsewhere: "
        "export HARNESS_HOME=~/harness-home",
    )
