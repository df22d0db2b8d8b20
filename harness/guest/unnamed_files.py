"""Files without a name."""

from __future__ import annotations

import os


def unnamed_file() -> int:
    """Return a descriptor, open for reading and writing, of a file that no path leads to."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("harness", os.MFD_CLOEXEC)
    import tempfile

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
