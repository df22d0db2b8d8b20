"""The small file that ties a workspace to its attempt: it says where to look, nothing more."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from harness.errors import RequestError
from harness.model.base import Frozen
from harness.model.manifest import Identifier

POINTER_NAME = ".harness/attempt.json"

_LARGEST_BYTES = 16 * 1024


class Pointer(Frozen):
    """What ``.harness/attempt.json`` says."""

    attempt: Annotated[str, Field(pattern=r"^[a-z0-9]{1,40}$")]
    home: str
    """The folder with the record of attempts."""
    module: Identifier = "solution"
    """The module the candidate edits, without ``.py``."""

    def encode(self) -> bytes:
        """Return the file's content."""
        # ASCII, because a home may have undecodable bytes in its name.
        return f"{json.dumps(self.model_dump(), indent=2)}\n".encode("ascii")


def has_pointer(root: Path) -> bool:
    """Whether ``root`` is a workspace, be its pointer whole or broken."""
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
        return Pointer.model_validate(json.loads(content))
    except ValidationError as error:
        raise _broken(path, f"{error.errors()[0]['msg'].lower()}") from error
    except ValueError as error:
        raise _broken(path, str(error)) from error
    except OSError as error:
        raise _broken(path, error.strerror or str(error)) from error


def _broken(path: Path, why: str) -> RequestError:
    return RequestError(
        f"{path} does not say which attempt this folder belongs to: {why}.",
        hint="Find the attempt and its folder with `harness history`.",
    )
