"""The files of a problem: which there are, which a sitting depends on, and their hash."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from harness.catalog.mistakes import Mistake, file_mistake
from harness.catalog.seal import SEAL_NAME, open_seal
from harness.model.snapshot import Snapshot

MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_TOTAL_BYTES = 32 * 1024 * 1024
MAX_ENTRIES = 5000
"""Files and folders of one problem and its skeleton together; no honest problem has a tenth."""
MAX_DEPTH = 16
"""So many folders may lie inside each other."""

_JUNK = re.compile(
    r"^\..*|^__pycache__$|^__MACOSX$|^#.*#$|.*~$|.*\.(pyc|pyo|swp|swo|orig|rej|bak|tmp)$"
    r"|^Thumbs\.db$|^desktop\.ini$",
)
_COVERED = re.compile(r"^(problem\.toml|editorial\.md|level\d+/.+|reference/.+)$")
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]")
"""What a text for a terminal must not hold: all but tab, newline and carriage return."""


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
    seal: bytes | None = None
    total = 0
    for side, folder in (("problem", root), ("template", template)):
        for name, path in regular_files(folder, mistakes):
            sealed = side == "problem" and name == SEAL_NAME
            if side == "problem" and not sealed and not _COVERED.match(name):
                continue
            content = _read(path, mistakes)
            if content is None:
                continue
            if sealed:
                seal = content
                continue
            total += len(content)
            if total > MAX_TOTAL_BYTES:
                text = f"and its skeleton hold more than {MAX_TOTAL_BYTES >> 20} MiB."
                mistakes.append(file_mistake(root, text))
                return Snapshot(files=files)
            files[f"{side}/{name}"] = content
    if seal is not None:
        _add_sealed(seal, root, files, MAX_TOTAL_BYTES - total, mistakes)
    return Snapshot(files=files)


def sealed_parts(root: Path, content: Snapshot) -> dict[str, bytes]:
    """Return those files of ``content`` that lie in the seal of ``root``, by their path below it.

    Empty for a problem without a seal.
    """
    if not (root / SEAL_NAME).is_file():
        return {}
    parts = {
        name.removeprefix("problem/"): data
        for name, data in content.files.items()
        if name.startswith("problem/")
    }
    return {name: data for name, data in parts.items() if not (root / name).exists()}


def _add_sealed(
    seal: bytes, root: Path, files: dict[str, bytes], left: int, mistakes: list[Mistake]
) -> None:
    """Add what the seal holds to ``files``, checked as if it lay beside it. ``left``: bytes."""
    path = root / SEAL_NAME
    for name, content in open_seal(seal, path, min(left, MAX_TOTAL_BYTES), mistakes):
        if f"problem/{name}" in files:
            mistakes.append(file_mistake(path, f"holds {name}, which there is already."))
        elif _COVERED.match(name):
            mistake = _unfit_content(root / name, content)
            if mistake is None:
                files[f"problem/{name}"] = content
            else:
                mistakes.append(mistake)


def regular_files(folder: Path, mistakes: list[Mistake]) -> Iterator[tuple[str, Path]]:
    """Yield (path below ``folder`` with ``/``, path) of all files that may be in a pack."""
    if folder.is_symlink():
        mistakes.append(_symlink(folder))
        return
    pending = [("", folder)]
    left = MAX_ENTRIES
    while pending:
        prefix, here = pending.pop()
        entries = _entries(here, left, mistakes)
        left -= len(entries)
        if left <= 0:
            text = f"holds {MAX_ENTRIES} files and folders or more. A problem has some dozens."
            mistakes.append(file_mistake(folder, text))
            return
        if prefix.count("/") > MAX_DEPTH:
            mistakes.append(file_mistake(here, f"lies inside more than {MAX_DEPTH} others."))
            continue
        for entry in entries:
            path, name = here / entry.name, prefix + entry.name
            if is_junk(entry.name):
                continue
            if not entry.name.isprintable():
                mistakes.append(
                    file_mistake(
                        here, f"holds {entry.name!a}, which is no name for a file of a pack."
                    )
                )
            elif entry.is_symlink():
                mistakes.append(_symlink(path))
            elif entry.is_dir(follow_symlinks=False):
                pending.append((f"{name}/", path))
            else:
                mistake = _unfit_as_listed(path, entry)
                if mistake is None:
                    yield name, path
                else:
                    mistakes.append(mistake)


def _entries(folder: Path, most: int, mistakes: list[Mistake]) -> list[os.DirEntry[str]]:
    """List a folder, ``most`` entries of it; one that cannot be listed is a mistake."""
    try:
        with os.scandir(folder) as entries:
            return list(islice(entries, most))
    except OSError as error:
        mistakes.append(file_mistake(folder, f"cannot be listed: {error.strerror}."))
        return []


def _symlink(path: Path) -> Mistake:
    return file_mistake(path, "is a symbolic link. A pack holds only plain files and folders.")


def _irregular(path: Path) -> Mistake:
    return file_mistake(path, "is neither a file nor a folder.")


def _too_big(path: Path, size: int) -> Mistake:
    return file_mistake(path, f"has {size:,} bytes. At most {MAX_FILE_BYTES:,} may be.")


def _unfit(path: Path, status: os.stat_result) -> Mistake | None:
    """Say why a file may not be in a pack, if so."""
    if not stat.S_ISREG(status.st_mode):
        return _irregular(path)
    return _too_big(path, status.st_size) if status.st_size > MAX_FILE_BYTES else None


def _unfit_as_listed(path: Path, entry: os.DirEntry[str]) -> Mistake | None:
    try:
        return _unfit(path, entry.stat(follow_symlinks=False))
    except OSError as error:
        return file_mistake(path, f"cannot be read: {error.strerror}.")


def _read(path: Path, mistakes: list[Mistake]) -> bytes | None:
    """Read one file; what cannot be read, or must not be in a pack, is a mistake.

    What was opened is looked at, not what was listed: the name may have changed hands meanwhile.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            unfit = _unfit(path, os.fstat(descriptor))
            content = b"" if unfit else file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        # A socket cannot even be opened.
        unfit = _irregular(path) if error.errno in (errno.ENXIO, errno.ENODEV) else None
        mistakes.append(unfit or file_mistake(path, f"cannot be read: {error.strerror}."))
        return None
    if unfit or len(content) > MAX_FILE_BYTES:
        mistakes.append(unfit or _too_big(path, len(content)))
        return None
    mistake = _unfit_content(path, content)
    if mistake is not None:
        mistakes.append(mistake)
        return None
    return content


def _unfit_content(path: Path, content: bytes) -> Mistake | None:
    """Say why what a file holds may not be in a pack, if so."""
    if len(content) > MAX_FILE_BYTES:
        return _too_big(path, len(content))
    if path.suffix in {".md", ".py", ".toml"}:
        try:
            content.decode()
        except UnicodeDecodeError as error:
            return file_mistake(path, f"is not UTF-8 text (byte {error.start}).")
    control = _CONTROL.search(content) if path.suffix == ".md" else None
    if control:
        line = content.count(b"\n", 0, control.start()) + 1
        return file_mistake(path, f"holds a control character in line {line}.")
    return None
