"""What errors of SQLite and the file system mean for the record, and what to do about each.

Import this module inside functions: it imports ``sqlite3``.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.errors import StateError
from harness.words import quoted

WAIT_SECONDS = 10.0
"""How long a process waits for another one to finish writing."""


@contextmanager
def explain_errors(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and the system about ``path`` into a StateError with the next step."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explain_sqlite(error, path) from error
    except OSError as error:
        raise explain_os_error(error, path) from error


def explain_os_error(error: OSError, path: Path) -> StateError:
    """Return the StateError for an OSError about the state file ``path``."""
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
            f"Another harness has been writing to {path} for {WAIT_SECONDS:.0f} seconds.",
            hint="the same command again  (when the other one is done)",
        )
    if code == sqlite3.SQLITE_CORRUPT:
        return StateError(
            f"The record of attempts at {path} is damaged ({error}).",
            hint="harness attempts verify  (lists what can still be read, and what to do)",
        )
    if code == sqlite3.SQLITE_NOTADB:
        return StateError(
            f"The record of attempts at {path} is damaged ({error}) and cannot be read.",
            hint=f"{put_aside(path)}  (then restore a backup: harness attempts restore FILE)",
        )
    if code == sqlite3.SQLITE_FULL or _no_space_left(path.parent):
        return _full(path)  # with its log in shared memory, SQLite reports an I/O error
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
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


def _full(path: Path) -> StateError:
    return StateError(
        f"The disk is full: nothing was recorded in {path}.",
        hint=f"df -h {quoted(path.parent)}  (free some space, then type the same command again)",
    )


def _refused(path: Path) -> StateError:
    return StateError(
        f"The record of attempts at {path} cannot be written: its folder or the file is read-only, "
        "or belongs to another user.",
        hint=f"chmod -R u+rwX {quoted(path.parent)}, or keep the record elsewhere: "
        "export HARNESS_HOME=~/harness-home",
    )
