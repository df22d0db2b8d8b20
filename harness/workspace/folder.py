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
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Self

from harness.errors import PackError, RequestError
from harness.model.frozen import frozen
from harness.model.problem import Problem, Snapshot
from harness.words import quoted
from harness.workspace.handout import list_editor_settings, list_first_files, list_level_files
from harness.workspace.ingest import read_files, read_fingerprint

POINTER_NAME = ".harness/attempt.json"

_ATTEMPT_ID = re.compile(r"[a-z0-9]{1,40}")
_LARGEST_BYTES = 16 * 1024


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

    @classmethod
    def create(cls, root: Path, problem: Problem, attempt_id: str, home: Path) -> Self:
        """Create the workspace ``root``, which must be missing or empty, with level 1 open.

        Raises RequestError when it is neither, lies in another workspace, or cannot be written, and
        PackError when the skeleton could not be submitted. After an error, everything written is
        removed again.
        """
        root = _require_empty(root, problem.slug)
        workspace = cls(root, attempt_id, home.absolute(), problem.manifest.module)
        pointer = {"attempt": attempt_id, "home": str(workspace.home), "module": workspace.module}
        # ASCII, because a home may have undecodable bytes in its name.
        encoded = f"{json.dumps(pointer, indent=2)}\n".encode("ascii")
        written: list[str] = []
        try:
            for name, content in itertools.chain(
                list_first_files(problem),
                list_level_files(problem, 1),
                # Last, so that an incomplete workspace does not count as one.
                [(POINTER_NAME, encoded)],
            ):
                # A file of the skeleton takes precedence over a generated one.
                if _write_file(root, name, content, overwrite=False):
                    written.append(name)
            _require_fit(workspace, problem)
        except BaseException:
            _take_away(root, written)
            raise
        return workspace

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

    def require_room(self, snapshot: Snapshot) -> None:
        """Raise RequestError unless there is room for ``snapshot``, in the folder of its files."""
        folder = PurePosixPath(next(iter(snapshot.files))).parent
        path = folder / f".harness-{os.urandom(8).hex()}.tmp"
        size = sum(len(content) for content in snapshot.files.values())
        _write_file(self.root, str(path), bytes(size), overwrite=False)
        with suppress(OSError), _open_folder(self.root, path.parts[:-1]) as descriptor:
            os.unlink(path.name, dir_fd=descriptor)

    def write_editor_settings(self, editor: str) -> list[str]:
        """Switch off completion and assistants for this folder; return the names written.

        ``editor`` is "vscode", "vim" or "none". An existing file stays as it is. Raises
        RequestError for another editor, or when the folder cannot be written.
        """
        return self._write_missing(list_editor_settings(editor))

    def _write_missing(self, files: Iterable[tuple[str, bytes]]) -> list[str]:
        return [
            name
            for name, content in files
            if _write_file(self.root, name, content, overwrite=False)
        ]


def find_workspace(start: Path) -> Workspace:
    """Return the workspace that contains ``start``, searching upwards.

    Raises RequestError when there is none or its pointer is broken.
    """
    try:
        start = start.resolve(strict=True)
    except OSError as error:
        raise RequestError(
            f"The folder {start} cannot be found: {error.strerror or error}.",
            hint="harness history  (lists your attempts and their folders)",
        ) from error
    for folder in (start, *start.parents):
        if has_pointer(folder):
            return _read_pointer(folder)
    raise RequestError(
        f"{start} is not in a workspace: no folder above it belongs to an attempt.",
        hint="harness history  (lists your attempts and their folders)",
    )


def default_workspace_dir(parent: Path, slug: str) -> Path:
    """Return the first free path in ``parent``: ``slug``, ``slug-2``, …"""
    numbered = (parent / f"{slug}-{number}" for number in itertools.count(2))
    return next(
        path for path in itertools.chain([parent / slug], numbered) if not os.path.lexists(path)
    )


def _require_empty(root: Path, slug: str) -> Path:
    """Create the folder ``root`` if it is missing, and return its real path."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        root = root.resolve(strict=True)
        with os.scandir(root) as entries:
            is_empty = next(entries, None) is None
    except OSError as error:
        raise RequestError(
            f"The workspace {root} cannot be created: {error.strerror or error}.",
            hint=f"harness start {slug} --dir FOLDER  (another folder)",
        ) from error
    if not is_empty:
        free = default_workspace_dir(root.parent, root.name)
        raise RequestError(
            f"The folder {root} is not empty, and a new workspace never overwrites anything.",
            hint=f"harness start {slug} --dir {quoted(free)}",
        )
    outer = next((folder for folder in root.parents if has_pointer(folder)), None)
    if outer is not None:
        raise RequestError(
            f"The folder {root} lies inside the workspace {outer}.",
            hint=f"harness start {slug} --dir FOLDER  (a folder outside of it)",
        )
    return root


def _require_fit(workspace: Workspace, problem: Problem) -> None:
    """Raise PackError when the unchanged workspace could not be submitted."""
    try:
        workspace.read()
    except RequestError as error:
        raise PackError(
            f"The skeleton of {problem.slug} could never be submitted: {error.message}",
            hint="harness list  (choose another problem; only its authors can fix this one)",
        ) from error


def _take_away(root: Path, written: Iterable[str]) -> None:
    """Remove the files ``written`` and the folders that become empty, as far as possible."""
    for name in written:
        path = root / name
        try:
            path.unlink(missing_ok=True)
            for folder in itertools.takewhile(lambda parent: parent != root, path.parents):
                folder.rmdir()
        except OSError:
            continue


def has_pointer(root: Path) -> bool:
    """Return whether ``root`` is a workspace, even if its pointer is broken."""
    return os.path.lexists(root / POINTER_NAME)


def _read_pointer(root: Path) -> Workspace:
    """Return the workspace ``root``. Raises RequestError when its pointer is broken."""
    path = root / POINTER_NAME
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ValueError("it is not a regular file")
            match json.loads(file.read(_LARGEST_BYTES)):
                case {"attempt": str(attempt), "home": str(home), "module": str(module)}:
                    if _ATTEMPT_ID.fullmatch(attempt) and module.isidentifier():
                        return Workspace(root, attempt, Path(home), module)
        raise ValueError("it does not name an attempt, a home and a module")
    except (ValueError, RecursionError) as error:
        why = str(error)
    except OSError as error:
        why = error.strerror or str(error)
    raise RequestError(
        f"{path} does not say which attempt this folder belongs to: {why}.",
        hint="harness history  (lists the attempts and their folders)",
    )


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
def _open_folder(root: Path, parts: tuple[str, ...]) -> Iterator[int]:
    """Open the folder ``parts`` below ``root``, creating it if missing; refuse links on the way."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(root, flags)
    try:
        for part in parts:
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


def _write_atomically(folder: int, name: str, content: bytes) -> None:
    # A name of its own, because the real one may already have the greatest length.
    temporary = f".harness-{os.urandom(8).hex()}.tmp"
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
