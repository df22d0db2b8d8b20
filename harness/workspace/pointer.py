"""The small file that ties a workspace to its attempt."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

from harness.errors import RequestError
from harness.model.frozen import frozen
from harness.model.plain import from_plain, to_plain

POINTER_NAME = ".harness/attempt.json"

_ATTEMPT_ID = re.compile(r"[a-z0-9]{1,40}")
_LARGEST_BYTES = 16 * 1024


@frozen(kw_only=True)
class Pointer:
    """What ``.harness/attempt.json`` says."""

    attempt: str
    home: str
    """The folder with the record of attempts."""
    module: str = "solution"
    """The module the candidate edits, without ``.py``."""

    def encode(self) -> bytes:
        """Return the file's content."""
        # ASCII, because a home may have undecodable bytes in its name.
        return f"{json.dumps(to_plain(self), indent=2)}\n".encode("ascii")


def has_pointer(root: Path) -> bool:
    """Return whether ``root`` is a workspace, even if its pointer is broken."""
    return os.path.lexists(root / POINTER_NAME)


def read_pointer(root: Path) -> Pointer:
    """Read the pointer of the workspace ``root``. Raises RequestError when it is broken."""
    path = root / POINTER_NAME
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ValueError("it is not a regular file")
            content = file.read(_LARGEST_BYTES)
        return _checked(from_plain(Pointer, json.loads(content)))
    except ValueError as error:
        raise _broken(path, str(error)) from error
    except OSError as error:
        raise _broken(path, error.strerror or str(error)) from error


def _checked(pointer: Pointer) -> Pointer:
    if not _ATTEMPT_ID.fullmatch(pointer.attempt) or not pointer.module.isidentifier():
        raise ValueError("it does not name an attempt and a module")
    return pointer


def _broken(path: Path, why: str) -> RequestError:
    return RequestError(
        f"{path} does not say which attempt this folder belongs to: {why}.",
        hint="harness history  (lists the attempts and their folders)",
    )
