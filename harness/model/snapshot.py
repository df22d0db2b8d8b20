"""Immutable copies of files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import PurePosixPath

from harness.model.frozen import frozen


@frozen(kw_only=True)
class Snapshot:
    """Relative path (with ``/``) → content."""

    files: Mapping[str, bytes]

    @cached_property
    def hash(self) -> str:
        """SHA-256 over names and contents, hex; equal for equal files, whatever their order."""
        digest = hashlib.sha256()
        for name in sorted(self.files):
            content = self.files[name]
            digest.update(f"{len(name.encode())} {name} {len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()


def is_solution_file(path: str) -> bool:
    """Return whether a file of a workspace is part of the solution, and not a test."""
    name = PurePosixPath(path).name
    is_test = name.startswith("test_") or name.endswith("_test.py")
    return name.endswith(".py") and not is_test and name not in {"conftest.py", "setup.py"}
