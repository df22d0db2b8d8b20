"""The workspace: the candidate's folder, which a pointer in it ties to an attempt.

Files are written whole or not at all, and never through a link.
"""

from __future__ import annotations

import errno
import itertools
import json
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Self

from harness.errors import PackError, RequestError
from harness.model.frozen import frozen
from harness.model.problem import Problem, Snapshot
from harness.words import quoted
from harness.workspace.handout import (
    EDITORS,
    list_editor_settings,
    list_first_files,
    list_level_files,
    name_level_files,
)
from harness.workspace.ingest import read_files, read_fingerprint

_OWN_FOLDER = ".harness"
POINTER_NAME = f"{_OWN_FOLDER}/attempt.json"

_LEFTOVER = re.compile(r"\.harness-[0-9a-f]{16}\.tmp")
"""The temporary name of a file that is being written."""
_WRITING_SECONDS = 5.0
"""How long writing a file takes at most."""

_ATTEMPT_ID = re.compile(r"[a-z0-9]{1,40}")
_LARGEST_BYTES = 16 * 1024
_OWN_FILE = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@frozen
class Workspace:
    """The folder of one attempt. Names of files in it are relative, with ``/``."""

    root: Path
    """Absolute, with links resolved."""
    attempt_id: str
    """From the pointer; the record of attempts may not know it."""
    home: Path
    """The folder with the record when the workspace was created."""
    module: str = "solution"
    """The module that the candidate edits, without ``.py``."""

    editor: str = ""
    """While not all its first files are written: whose completion to switch off. Else empty."""

    @classmethod
    def create(
        cls,
        root: Path,
        problem: Problem,
        attempt_id: str,
        home: Path,
        snapshot: Snapshot | None = None,
        level: int = 1,
        editor: str = "none",
    ) -> Self:
        """Make ``root``, which must be missing or empty, the workspace of an attempt on record.

        It gets the files of ``snapshot``, by default the skeleton's, and of all levels up to
        ``level``. Raises RequestError when it is not empty or cannot be written; in the latter case
        ``complete`` of what ``find_workspace`` returns goes on.
        """
        root = _require_empty(root, problem.slug)
        module = problem.manifest.module
        # First, so that an incomplete workspace is found, and can be completed.
        workspace = cls(root, attempt_id, home.absolute(), module, editor)
        workspace._write_pointer()
        return workspace.complete(problem, snapshot or Snapshot(files={}), level)

    def complete(self, problem: Problem, snapshot: Snapshot, level: int) -> Self:
        """Write which of the files of ``snapshot``, the first ones and those of levels are missing.

        An existing file stays as it is. Raises RequestError when the folder cannot be written.
        """
        self._write_missing(snapshot.files.items())
        self._write_missing(list_first_files(problem))
        for number in range(1, level + 1):
            self.open_level(problem, number)
        self._write_missing(list_editor_settings(self.editor or "none"))
        _remove_leftovers(self.root)
        done = replace(self, editor="")
        done._write_pointer()
        return done

    def lacks_levels(self, level: int) -> bool:
        """Return whether a file of one of the levels up to ``level`` is missing."""
        return not all(
            os.path.lexists(self.root / name)
            for number in range(1, level + 1)
            for name in name_level_files(number)
        )

    def _write_pointer(self) -> None:
        pointer: dict[str, object] = {
            "attempt": self.attempt_id,
            "home": str(self.home),
            "module": self.module,
        }
        if self.editor:
            pointer["unfinished"] = {"editor": self.editor}
        # ASCII, because a home may have undecodable bytes in its name.
        encoded = f"{json.dumps(pointer, indent=2)}\n".encode("ascii")
        _write_file(self.root, POINTER_NAME, encoded, overwrite=True)

    def open_level(self, problem: Problem, level: int) -> list[str]:
        """Write the statement and the visible suite of ``level``; return the names written.

        An existing file stays as it is, changed by the candidate or not, and is not among them.
        Raises RequestError when the folder cannot be written.
        """
        return self._write_missing(list_level_files(problem, level))

    def read(self) -> Snapshot:
        """Return the candidate's Python files, including their own tests.

        Suites of the problem, statements, dot names, virtual environments and caches are left out.
        Raises RequestError, which names the file and the fix, for links, pipes, files that are too
        big, too many or not text, names that some systems confuse, modules that hide the standard
        library, and when the module to edit is missing.
        """
        return read_files(self.root, self.module)

    def fingerprint(self) -> object:
        """Return a value that changes with any file that ``read`` reads. Cheap."""
        return read_fingerprint(self.root)

    def restore(self, snapshot: Snapshot) -> list[str]:
        """Write the files of ``snapshot``; return their names. Other files stay.

        Raises RequestError when the folder cannot be written.
        """
        for name, content in snapshot.files.items():
            _write_file(self.root, name, content, overwrite=True)
        return list(snapshot.files)

    def own_text(self, name: str) -> str:
        """Return the text of a file of the candidate's, empty when there is none.

        Raises RequestError when it is no regular file of this folder alone, or no text.
        """
        try:
            with _open_own(self.root / name, os.O_RDONLY) as descriptor:
                return b"".join(iter(lambda: os.read(descriptor, 1 << 16), b"")).decode("utf-8-sig")
        except FileNotFoundError:
            return ""
        except UnicodeDecodeError as error:
            raise RequestError(f"{name} cannot be read: {error}.", f"rm {quoted(name)}") from None
        except OSError as error:
            raise _unwritten(self.root, PurePosixPath(name), error) from error

    def append(self, name: str, text: str) -> None:
        """Append ``text`` to a file of the candidate's; never changes what is in it.

        Raises RequestError when it is no regular file of this folder alone, or cannot be written.
        """
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        try:
            with _open_own(self.root / name, flags) as descriptor:
                size, data = os.fstat(descriptor).st_size, text.encode()
                if os.write(descriptor, data) != len(data):
                    os.ftruncate(descriptor, size)
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(descriptor)
        except OSError as error:
            raise _unwritten(self.root, PurePosixPath(name), error) from error

    def require_room(self, snapshot: Snapshot) -> None:
        """Raise RequestError unless there is room for ``snapshot``, in the folder of its files."""
        folder = PurePosixPath(next(iter(snapshot.files))).parent
        _require_room(self.root, folder, sum(map(len, snapshot.files.values())))

    def _write_missing(self, files: Iterable[tuple[str, bytes]]) -> list[str]:
        return [
            name
            for name, content in files
            if _write_file(self.root, name, content, overwrite=False)
        ]


@contextmanager
def _open_own(path: Path, flags: int) -> Iterator[int]:
    """Open a file of the candidate's own.

    Raises RequestError unless it is a regular one with this name only, OSError when it is a link.
    """
    descriptor = os.open(path, flags | _OWN_FILE, 0o666)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            raise RequestError(
                f"{path.name} is a pipe, a device or a hard link: nothing is written to it.",
                f"rm {quoted(path)}",
            )
        yield descriptor
    finally:
        os.close(descriptor)


def find_workspace(start: Path) -> Workspace:
    """Return the workspace that contains ``start``, searching upwards.

    Raises RequestError when there is none or its pointer is broken.
    """
    try:
        start = start.resolve(strict=True)
    except OSError as error:
        raise RequestError(
            f"The folder {start} cannot be found: {error.strerror or error}.",
            hint="harness history  # lists your attempts and their folders",
        ) from error
    for folder in (start, *start.parents):
        if has_pointer(folder):
            return _read_pointer(folder)
    raise RequestError(
        f"{start} is not in a workspace: no folder above it belongs to an attempt.",
        hint="harness history  # lists your attempts and their folders",
    )


def default_workspace_dir(parent: Path, slug: str) -> Path:
    """Return the first free path in ``parent``: ``slug``, ``slug-2``, …"""
    numbered = (parent / f"{slug}-{number}" for number in itertools.count(2))
    return next(
        path for path in itertools.chain([parent / slug], numbered) if not os.path.lexists(path)
    )


def prepare_folder(root: Path, problem: Problem) -> Path:
    """Create the folder ``root`` if it is missing, and return its real path.

    Raises RequestError unless it can become a workspace for ``problem``: when it is not empty, lies
    in another workspace, or has no room.
    """
    root = _require_empty(root, problem.slug)
    files = itertools.chain(list_first_files(problem), list_level_files(problem, 1))
    _require_room(root, PurePosixPath(), sum(len(content) for _, content in files))
    return root


def read_skeleton(problem: Problem) -> Snapshot:
    """Return what ``read`` returns of a fresh workspace.

    Raises PackError when that could not be submitted.
    """
    try:
        return read_files(problem.template, problem.manifest.module)
    except RequestError as error:
        raise PackError(
            f"The skeleton of {problem.slug} could never be submitted: {error.message}",
            hint="harness list  # choose another problem; only its authors can fix this one",
        ) from error


def is_bare(root: Path) -> bool:
    """Return whether the folder ``root`` holds nothing but what a killed command left there.

    Raises OSError when it cannot be read.
    """
    with os.scandir(root) as entries:
        for entry in entries:
            if entry.name == _OWN_FOLDER and entry.is_dir(follow_symlinks=False):
                if not is_bare(Path(entry.path)):
                    return False
            elif not _LEFTOVER.fullmatch(entry.name):
                return False
    return True


def _require_empty(root: Path, slug: str) -> Path:
    try:
        root.mkdir(parents=True, exist_ok=True)
        root = root.resolve(strict=True)
        is_empty = is_bare(root)
    except OSError as error:
        raise RequestError(
            f"The workspace {root} cannot be created: {error.strerror or error}.",
            hint=f"harness start {quoted(slug)} --dir FOLDER  # another folder",
        ) from error
    if not is_empty:
        free = default_workspace_dir(root.parent, root.name)
        raise RequestError(
            f"The folder {root} is not empty, and a new workspace never overwrites anything.",
            hint=f"harness start {quoted(slug)} --dir {quoted(free)}",
        )
    outer = next((folder for folder in root.parents if has_pointer(folder)), None)
    if outer is not None:
        raise RequestError(
            f"The folder {root} lies inside the workspace {outer}.",
            hint=f"harness start {quoted(slug)} --dir FOLDER  # a folder outside of it",
        )
    return root


def _remove_leftovers(root: Path) -> None:
    """Remove what killed commands left in the folders that they write to.

    A file that is just being written, by another command, stays.
    """
    oldest = time.time() - _WRITING_SECONDS
    for folder in (".", _OWN_FOLDER, "statements", "tests", ".vscode"):
        with suppress(OSError), _open_folder(root, (folder,), create=False) as descriptor:
            for name in filter(_LEFTOVER.fullmatch, os.listdir(descriptor)):
                if os.stat(name, dir_fd=descriptor).st_mtime < oldest:
                    os.unlink(name, dir_fd=descriptor)


def _require_room(root: Path, folder: PurePosixPath, size: int) -> None:
    """Raise RequestError unless a file of ``size`` bytes fits into ``folder`` below ``root``."""
    path = folder / _temporary_name()
    _write_file(root, str(path), bytes(size), overwrite=False)
    with suppress(OSError), _open_folder(root, path.parts[:-1]) as descriptor:
        os.unlink(path.name, dir_fd=descriptor)


def has_pointer(root: Path) -> bool:
    """Return whether ``root`` is a workspace, even if its pointer is broken."""
    return os.path.lexists(root / POINTER_NAME)


def _read_pointer(root: Path) -> Workspace:
    """Return the workspace ``root``. Raises RequestError when its pointer is broken."""
    path = root / POINTER_NAME
    try:
        descriptor = os.open(path, os.O_RDONLY | _OWN_FILE)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ValueError("it is not a regular file")
            match json.loads(file.read(_LARGEST_BYTES)):
                case {"attempt": str(attempt), "home": str(home), "module": str(module), **more}:
                    if _ATTEMPT_ID.fullmatch(attempt) and module.isidentifier():
                        return Workspace(root, attempt, Path(home), module, _editor(more))
        raise ValueError("it does not name an attempt, a home and a module")
    except (ValueError, RecursionError) as error:
        why = str(error)
    except OSError as error:
        why = error.strerror or str(error)
    raise RequestError(
        f"{path} does not say which attempt this folder belongs to: {why}.",
        hint="harness history  # lists the attempts and their folders",
    )


def _editor(more: Mapping[object, object]) -> str:
    match more:
        case {"unfinished": {"editor": str(editor)}} if editor in EDITORS:
            return editor
    return ""


def _write_file(root: Path, name: str, content: bytes, *, overwrite: bool) -> bool:
    """Write ``content`` to the file ``name`` (relative, with ``/``) below ``root``.

    Creates missing folders. Returns whether it was written: without ``overwrite``, whatever has
    that name stays; with it, a link of that name is replaced, not followed. Raises RequestError
    when the system refuses, or ``name`` leaves ``root``.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or ".." in path.parts:
        raise RequestError(f"{name!r} does not name a file inside the workspace.")
    try:
        with _open_folder(root, path.parts[:-1]) as folder:
            if not overwrite and _exists(folder, path.name):
                return False
            _write_atomically(folder, path.name, content)
    except OSError as error:
        raise _unwritten(root, path, error) from error
    return True


def _unwritten(root: Path, path: PurePosixPath, error: OSError) -> RequestError:
    """Explain why a file cannot be written: a link on the way, or else the system's reason."""
    for folder in [*reversed(path.parents)][1:]:
        if (root / folder).is_symlink():
            return RequestError(
                f"{folder} is a symbolic link, and nothing is written through one: {root / path} "
                "cannot be written.",
                hint=f"rm {quoted(root / folder)}",
            )
    folder_name = quoted((root / path).parent)
    return RequestError(
        f"{root / path} cannot be written: {error.strerror or error}.",
        hint=f"df -h {folder_name}" if error.errno == errno.ENOSPC else f"ls -ld {folder_name}",
    )


@contextmanager
def _open_folder(root: Path, parts: tuple[str, ...], *, create: bool = True) -> Iterator[int]:
    """Open the folder ``parts`` below ``root``; refuse links on the way.

    ``create``: create what is missing.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(root, flags)
    try:
        for part in parts:
            if create:
                with suppress(FileExistsError):
                    os.mkdir(part, dir_fd=descriptor)
            child = os.open(part, flags, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = child
        yield descriptor
    finally:
        os.close(descriptor)


def _exists(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _temporary_name() -> str:
    return f".harness-{os.urandom(8).hex()}.tmp"


def _write_atomically(folder: int, name: str, content: bytes) -> None:
    # A name of its own, because the real one may already have the greatest length.
    temporary = _temporary_name()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o666, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary, dir_fd=folder)
        raise
