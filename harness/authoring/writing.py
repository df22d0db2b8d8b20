"""Writes the files that the tools keep in a problem's folder: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from harness.errors import PackError


def write_whole(path: Path, text: str) -> None:
    """Replace ``path`` by ``text`` in one step. Raises PackError when that cannot be done."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise PackError(
            f"Cannot write {path}: {error.strerror}.", f"ls -ld {path.parent}"
        ) from None
