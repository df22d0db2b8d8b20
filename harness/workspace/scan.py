"""Finds the candidate's Python files: follows no link, and stops at a limit."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from harness.errors import RequestError
from harness.words import quoted

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
            hint="harness history  (lists your workspaces)",
        ) from error
    try:
        yield from _Walk(root).enter(folder, "", depth=1)
    finally:
        os.close(folder)


class _Walk:
    """One walk through a workspace, with its counts."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._entries = 0
        self._files = 0

    def enter(self, folder: int, prefix: str, depth: int) -> Iterator[Found]:
        """Yield the files in and below the open ``folder``, whose name is ``prefix``."""
        for entry in self._list(folder):
            name = f"{prefix}{entry.name}"
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _TOOL_FOLDERS and name != _STATEMENTS:
                    yield from self._descend(folder, entry.name, name, depth)
            elif _may_hold_python(entry) and not _VISIBLE_SUITE.fullmatch(name):
                self._files += 1
                if self._files > MOST_FILES:
                    raise self._too_many(f"{MOST_FILES} Python files")
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue  # Deleted since it was listed.
                yield Found(name, status, folder)

    def _descend(self, folder: int, own_name: str, name: str, depth: int) -> Iterator[Found]:
        try:
            child = os.open(own_name, _OPEN_FOLDER | os.O_NOFOLLOW, dir_fd=folder)
        except FileNotFoundError:
            return  # Deleted since it was listed.
        except OSError as error:
            raise RequestError(
                f"The folder {name!r} cannot be read: {error.strerror or error}.",
                hint=f"chmod u+rwx {quoted(self._root / name)}",
            ) from error
        try:
            if any(_exists(child, mark) for mark in _ENVIRONMENT_MARKS):
                return
            if depth > DEEPEST:
                raise RequestError(
                    f"The folder {name!r} is nested {depth} deep, and the limit is {DEEPEST}.",
                    hint=self._way_out(),
                )
            yield from self.enter(child, f"{name}/", depth + 1)
        finally:
            os.close(child)

    def _list(self, folder: int) -> list[os.DirEntry[str]]:
        with os.scandir(folder) as entries:
            listed = list(islice(entries, MOST_ENTRIES + 1 - self._entries))
        self._entries += len(listed)
        if self._entries > MOST_ENTRIES:
            raise self._too_many(f"{MOST_ENTRIES} files")
        return sorted(listed, key=lambda entry: entry.name)

    def _too_many(self, what: str) -> RequestError:
        return RequestError(
            f"The workspace {self._root} holds more than {what}.", hint=self._way_out()
        )

    def _way_out(self) -> str:
        return f"mv FILE {quoted(self._root.parent)}  (whatever is not part of the solution)"


def _may_hold_python(entry: os.DirEntry[str]) -> bool:
    if entry.name.endswith(".py"):
        return True
    # A linked folder may hold modules that the solution imports.
    return entry.is_symlink() and entry.is_dir()


def _exists(folder: int, name: str) -> bool:
    try:
        os.lstat(name, dir_fd=folder)
    except OSError:
        return False
    return True
