"""Immutable copies of a workspace's files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property

from harness.model.base import Frozen


class Snapshot(Frozen):
    """Path below the workspace (with ``/``) → content."""

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
