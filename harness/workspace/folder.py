"""The workspace: the candidate's folder, which a pointer in it ties to an attempt."""

from __future__ import annotations

import itertools
import json
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from harness.errors import PackError, RequestError
from harness.model.frozen import frozen
from harness.model.plain import from_plain, to_plain
from harness.model.problem import Problem, Snapshot
from harness.words import nearest, quoted
from harness.workspace.editor import list_settings
from harness.workspace.handout import list_first_files, list_level_files
from harness.workspace.ingest import read_files, read_fingerprint
from harness.workspace.writing import try_writing, write_file

POINTER_NAME = ".harness/attempt.json"

_ATTEMPT_ID = re.compile(r"[a-z0-9]{1,40}")
_LARGEST_BYTES = 16 * 1024


@frozen(kw_only=True)
class Pointer:
    """What ``.harness/attempt.json`` says."""

    attempt: str
    home: str
    """The folder with the record of attempts."""
    module: str = "solution"
    """The module the candidate edits, without ``.py``."""

    def encode(self) -> bytes:
        """Return the file's content."""
        # ASCII, because a home may have undecodable bytes in its name.
        return f"{json.dumps(to_plain(self), indent=2)}\n".encode("ascii")


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
        pointer = Pointer(attempt=attempt_id, home=str(workspace.home), module=workspace.module)
        written: list[str] = []
        try:
            for name, content in itertools.chain(
                list_first_files(problem),
                list_level_files(problem, 1),
                # Last, so that an incomplete workspace does not count as one.
                [(POINTER_NAME, pointer.encode())],
            ):
                # A file of the skeleton takes precedence over a generated one.
                if write_file(root, name, content, overwrite=False):
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

    def restore(self, snapshot: Snapshot, names: Iterable[str] | None = None) -> list[str]:
        """Write ``names`` (else all files) as they are in ``snapshot``; return what was written.

        Other files stay. Raises RequestError when the snapshot lacks one of ``names`` (and then
        writes nothing), or when the folder cannot be written.
        """
        chosen = list(snapshot.files) if names is None else list(names)
        for name in chosen:
            if name not in snapshot.files:
                near = nearest(name, snapshot.files)
                raise RequestError(
                    f"There is no {name!r} to restore: that state has {_enumerate(snapshot)}.",
                    hint=f"harness reset {quoted(near)}" if near else "harness reset",
                )
        for name in chosen:
            write_file(self.root, name, snapshot.files[name], overwrite=True)
        return chosen

    def require_room(self, folder: str, size: int) -> None:
        """Raise RequestError unless ``size`` bytes can be written to ``folder``.

        Creates ``folder`` if it is missing.
        """
        try_writing(self.root, folder, size)

    def write_editor_settings(self, editor: str) -> list[str]:
        """Switch off completion and assistants for this folder; return the names written.

        ``editor`` is "vscode", "vim" or "none". An existing file stays as it is. Raises
        RequestError for another editor, or when the folder cannot be written.
        """
        return self._write_missing(list_settings(editor))

    def _write_missing(self, files: Iterable[tuple[str, bytes]]) -> list[str]:
        return [
            name for name, content in files if write_file(self.root, name, content, overwrite=False)
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
            pointer = read_pointer(folder)
            return Workspace(folder, pointer.attempt, Path(pointer.home), pointer.module)
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


def _enumerate(snapshot: Snapshot) -> str:
    names = sorted(snapshot.files)
    shown = ", ".join(names[:5]) or "no file"
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"


def has_pointer(root: Path) -> bool:
    """Return whether ``root`` is a workspace, even if its pointer is broken."""
    return os.path.lexists(root / POINTER_NAME)


def read_pointer(root: Path) -> Pointer:
    """Read the pointer of the workspace ``root``. Raises RequestError when it is broken."""
    path = root / POINTER_NAME
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ValueError("it is not a regular file")
            content = file.read(_LARGEST_BYTES)
        return _checked(from_plain(Pointer, json.loads(content)))
    except ValueError as error:
        raise _broken(path, str(error)) from error
    except OSError as error:
        raise _broken(path, error.strerror or str(error)) from error


def _checked(pointer: Pointer) -> Pointer:
    if not _ATTEMPT_ID.fullmatch(pointer.attempt) or not pointer.module.isidentifier():
        raise ValueError("it does not name an attempt and a module")
    return pointer


def _broken(path: Path, why: str) -> RequestError:
    return RequestError(
        f"{path} does not say which attempt this folder belongs to: {why}.",
        hint="harness history  (lists the attempts and their folders)",
    )
