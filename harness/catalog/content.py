"""The files of a problem: which there are, which a sitting depends on, and their hash."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from harness.catalog.mistakes import Mistake, file_mistake
from harness.model.snapshot import Snapshot

MAX_FILE_BYTES = 2 * 1024 * 1024

_JUNK = re.compile(
    r"^\..*|^__pycache__$|^__MACOSX$|^#.*#$|.*~$|.*\.(pyc|pyo|swp|swo|orig|rej|bak|tmp)$"
    r"|^Thumbs\.db$|^desktop\.ini$",
)
_COVERED = re.compile(r"^(problem\.toml|editorial\.md|level\d+/.+|reference/.+)$")


def is_junk(name: str) -> bool:
    """Tell whether an entry of this name is left by an editor, a system or an interpreter."""
    return _JUNK.match(name) is not None


def read_content(root: Path, template: Path, mistakes: list[Mistake]) -> Snapshot:
    """Read all that a sitting depends on: ``problem/…`` and ``template/…`` → bytes.

    Alternates and known-wrong solutions are checked like all files of a pack, and left out: a
    change there changes nothing for a candidate. What must not be in a pack is added to
    ``mistakes``.
    """
    files: dict[str, bytes] = {}
    for side, folder in (("problem", root), ("template", template)):
        for name, path in _regular_files(folder, mistakes):
            if side == "problem" and not _COVERED.match(name):
                continue
            content = _read(path, mistakes)
            if content is not None:
                files[f"{side}/{name}"] = content
    return Snapshot(files=files)


def _regular_files(folder: Path, mistakes: list[Mistake]) -> Iterator[tuple[str, Path]]:
    """Yield (path below ``folder`` with ``/``, path) of all files that may be in a pack."""
    if folder.is_symlink():
        mistakes.append(_symlink(folder))
        return
    pending = [("", folder)]
    while pending:
        prefix, here = pending.pop()
        for entry in _entries(here, mistakes):
            path, name = here / entry.name, prefix + entry.name
            if is_junk(entry.name):
                continue
            if not entry.name.isprintable():
                mistakes.append(
                    file_mistake(
                        here, f"holds {entry.name!r}, which is no name for a file of a pack."
                    )
                )
            elif entry.is_symlink():
                mistakes.append(_symlink(path))
            elif entry.is_dir():
                pending.append((f"{name}/", path))
            else:
                mistake = _unfit(path, entry.stat())
                if mistake:
                    mistakes.append(mistake)
                else:
                    yield name, path


def _entries(folder: Path, mistakes: list[Mistake]) -> list[os.DirEntry[str]]:
    """List a folder; one that cannot be listed is a mistake."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        mistakes.append(file_mistake(folder, f"cannot be listed: {error.strerror}."))
        return []


def _symlink(path: Path) -> Mistake:
    return file_mistake(path, "is a symbolic link. A pack holds only plain files and folders.")


def _unfit(path: Path, status: os.stat_result) -> Mistake | None:
    """Say why a file may not be in a pack, if so."""
    if not stat.S_ISREG(status.st_mode):
        return file_mistake(path, "is neither a file nor a folder.")
    if status.st_size > MAX_FILE_BYTES:
        return file_mistake(
            path, f"has {status.st_size:,} bytes. At most {MAX_FILE_BYTES:,} may be."
        )
    return None


def _read(path: Path, mistakes: list[Mistake]) -> bytes | None:
    """Read one file; text that is not UTF-8 is a mistake, as is a file that cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        mistakes.append(file_mistake(path, f"cannot be read: {error.strerror}."))
        return None
    if path.suffix in {".md", ".py", ".toml"}:
        try:
            content.decode()
        except UnicodeDecodeError as error:
            mistakes.append(file_mistake(path, f"is not UTF-8 text (byte {error.start})."))
            return None
    return content
