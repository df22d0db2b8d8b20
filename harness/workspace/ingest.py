"""Takes a snapshot of the candidate's files, and refuses what cannot be judged unchanged."""

from __future__ import annotations

import os
import re
import stat
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from harness.errors import RequestError
from harness.model.problem import Snapshot, is_solution_file
from harness.model.source_text import SAVE_AS_UTF_8, flaw_of_source
from harness.words import quoted

LARGEST_FILE_BYTES = 1024 * 1024
LARGEST_TOTAL_BYTES = 8 * 1024 * 1024
MOST_FILES = 200
MOST_ENTRIES = 20_000
"""The limit for names of any kind."""
DEEPEST = 8
"""The limit for nested folders."""

_TOOL_FOLDERS = frozenset({"__pycache__", "node_modules"})
_ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")
_STATEMENTS = "statements"
_VISIBLE_SUITE = re.compile(r"tests/test_level\d+\.py")
_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


def read_files(root: Path, module: str) -> Snapshot:
    """Read all Python files of the candidate below ``root``, including their own tests.

    Raises RequestError, which names the file and the fix.
    """
    files: dict[str, bytes] = {}
    total = 0
    for found in find_python_files(root):
        content = _read_file(root, found)
        total += len(content)
        if total > LARGEST_TOTAL_BYTES:
            raise RequestError(
                f"The Python files in {root} together exceed {LARGEST_TOTAL_BYTES >> 20} MiB.",
                hint=f"mv FILE {quoted(root.parent)}  # whatever is not part of the solution",
            )
        files[found.name] = content
    refuse_confusable(root, files)
    _refuse_hidden_libraries(root, files)
    _require_module(root, files, module)
    return Snapshot(files=files)


def read_fingerprint(root: Path) -> object:
    """Return a value that changes with any file that ``read_files`` reads.

    Reads no content and raises nothing: a workspace that would be refused has a fingerprint, too.
    """
    try:
        return tuple(
            (
                found.name,
                found.status.st_mode,
                found.status.st_ino,
                found.status.st_size,
                found.status.st_mtime_ns,
                found.status.st_ctime_ns,
            )
            for found in find_python_files(root)
        )
    except (RequestError, OSError) as error:
        return str(error)


def solution_files(snapshot: Snapshot) -> Snapshot:
    """Return the files that go into the box: no tests, ``conftest.py`` or ``setup.py``."""
    files = snapshot.files.items()
    return Snapshot(files={name: content for name, content in files if is_solution_file(name)})


def _read_file(root: Path, found: Found) -> bytes:
    path = root / found.name
    if not found.name.isprintable():
        raise RequestError(
            f"The name {found.name!a} contains characters that cannot be shown.",
            hint="ls -b  # rename the file, using letters, digits and underscores",
        )
    if stat.S_ISLNK(found.status.st_mode):
        raise RequestError(
            f"{found.name} is a symbolic link: only files inside the workspace are read.",
            hint=_as_own_copy(path),
        )
    if not stat.S_ISREG(found.status.st_mode):
        raise _not_a_file(found.name, path)
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path.name, flags, dir_fd=found.folder)
        with open(descriptor, "rb") as file:
            _check_status(os.fstat(descriptor), found.name, path)
            content = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        is_forbidden = isinstance(error, PermissionError)
        raise RequestError(
            f"{found.name} cannot be read: {error.strerror or error}.",
            hint=f"chmod u+rw {quoted(path)}" if is_forbidden else "the same command again",
        ) from error
    _check_content(content, found.name, path)
    return content


def _check_status(status: os.stat_result, name: str, path: Path) -> None:
    """Check the opened file, because another one may have got the listed name meanwhile."""
    if not stat.S_ISREG(status.st_mode):
        raise _not_a_file(name, path)
    if status.st_nlink > 1:
        raise RequestError(
            f"{name} has {status.st_nlink} names on this disk (hard links): "
            "it could change from outside the workspace.",
            hint=_as_own_copy(path),
        )


def _check_content(content: bytes, name: str, path: Path) -> None:
    if len(content) > LARGEST_FILE_BYTES:
        raise RequestError(
            f"{name} is larger than {LARGEST_FILE_BYTES >> 20} MiB.",
            hint=f"mv {quoted(path)} FOLDER  # one outside of the workspace",
        )
    flaw = flaw_of_source(content)
    if flaw:
        raise RequestError(
            f"{name} cannot be judged: {flaw}.",
            hint=f"{SAVE_AS_UTF_8}, or move it out of the workspace.",
        )


def refuse_confusable(root: Path, names: Iterable[str]) -> None:
    """Raise RequestError for two ``names`` that are the same file on some systems."""
    seen: dict[str, str] = {}
    for name in names:
        path = PurePosixPath(name)
        for part in (path, *path.parents):
            folded = unicodedata.normalize("NFKC", str(part)).casefold()
            first = seen.setdefault(folded, str(part))
            if first != str(part):
                other = root / part.with_stem(f"{part.stem}_2")
                raise RequestError(
                    f"{first} and {part} are spelled so much alike that they are one file on some "
                    "systems.",
                    hint=f"mv {quoted(root / part)} {quoted(other)}",
                )


def _refuse_hidden_libraries(root: Path, names: Iterable[str]) -> None:
    for name in names:
        top = PurePosixPath(name).parts[0]
        library = top.removesuffix(".py")
        if library in sys.stdlib_module_names:
            raise RequestError(
                f"{top} hides the standard library's {library!r}: "
                f"every `import {library}` would find it instead.",
                hint=f"mv {quoted(root / top)} {quoted(root / f'my_{top}')}",
            )


def _require_module(root: Path, names: Iterable[str], module: str) -> None:
    expected = f"{module}.py"
    if expected not in names:
        raise RequestError(
            f"{expected} is missing from the workspace {root}.",
            hint=f"harness reset {expected}",
        )
    if any(name.startswith(f"{module}/") for name in names):
        raise RequestError(
            f"The folder {module} hides {expected}: `import {module}` would find the folder.",
            hint=f"mv {quoted(root / module)} {quoted(root / f'my_{module}')}",
        )


def _not_a_file(name: str, path: Path) -> RequestError:
    return RequestError(
        f"{name} is not a regular file, but a pipe, a socket or a device.",
        hint=f"rm {quoted(path)}",
    )


def _as_own_copy(path: Path) -> str:
    original = quoted(path)
    copy = quoted(f"{path}.copy")
    return f"cp -RL {original} {copy} && rm {original} && mv {copy} {original}"


class Found(NamedTuple):
    """One Python file, or a link that may lead to some. Valid until the next one is requested."""

    name: str
    """Relative to the workspace, with ``/``."""
    status: os.stat_result
    """Of the name itself, not of the target of a link."""
    folder: int
    """Descriptor of the folder that contains it."""


def find_python_files(root: Path) -> Iterator[Found]:
    """Yield the candidate's Python files below ``root``, in an order that depends on names only.

    Statements, suites of the problem, dot names, virtual environments and the folders of tools are
    left out. Raises RequestError when ``root`` is gone or a limit is exceeded.
    """
    try:
        folder = os.open(root, _OPEN_FOLDER | os.O_NOFOLLOW)
    except OSError as error:
        raise RequestError(
            f"The workspace {root} cannot be read: {error.strerror or error}.",
            hint="harness history  # lists your workspaces",
        ) from error
    try:
        yield from _walk(root, folder, "", Counter())
    finally:
        os.close(folder)


def _walk(root: Path, folder: int, prefix: str, seen: Counter[str]) -> Iterator[Found]:
    """Yield the files in and below the open ``folder``, whose name is ``prefix``.

    ``seen`` counts files, and entries of any kind, in the whole walk.
    """
    way_out = f"mv FILE {quoted(root.parent)}  # whatever is not part of the solution"
    with os.scandir(folder) as entries:
        listed = list(islice(entries, MOST_ENTRIES + 1 - seen["entries"]))
    seen["entries"] += len(listed)
    if seen["entries"] > MOST_ENTRIES:
        raise RequestError(f"The workspace {root} holds more than {MOST_ENTRIES} files.", way_out)
    if prefix and any(entry.name in _ENVIRONMENT_MARKS for entry in listed):
        return
    depth = prefix.count("/")
    if depth > DEEPEST:
        raise RequestError(
            f"The folder {prefix[:-1]!r} is nested {depth} deep, and the limit is {DEEPEST}.",
            way_out,
        )
    for entry in sorted(listed, key=lambda entry: entry.name):
        name = f"{prefix}{entry.name}"
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in _TOOL_FOLDERS and name != _STATEMENTS:
                yield from _descend(root, folder, name, seen)
            continue
        # A linked folder may hold modules that the solution imports.
        is_python = entry.name.endswith(".py") or (entry.is_symlink() and entry.is_dir())
        if not is_python or _VISIBLE_SUITE.fullmatch(name):
            continue
        seen["files"] += 1
        if seen["files"] > MOST_FILES:
            raise RequestError(
                f"The workspace {root} holds more than {MOST_FILES} Python files.", way_out
            )
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue  # deleted since it was listed
        yield Found(name, status, folder)


def _descend(root: Path, folder: int, name: str, seen: Counter[str]) -> Iterator[Found]:
    """Walk through the folder ``name``, which lies in the open ``folder``."""
    try:
        child = os.open(PurePosixPath(name).name, _OPEN_FOLDER | os.O_NOFOLLOW, dir_fd=folder)
    except FileNotFoundError:
        return  # deleted since it was listed
    except OSError as error:
        raise RequestError(
            f"The folder {name!r} cannot be read: {error.strerror or error}.",
            hint=f"chmod u+rwx {quoted(root / name)}",
        ) from error
    try:
        yield from _walk(root, child, f"{name}/", seen)
    finally:
        os.close(child)
