"""Writes files below the candidate's folder: whole or not at all, and never through a link."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from harness.errors import RequestError
from harness.words import quoted


def write_file(root: Path, name: str, content: bytes, *, overwrite: bool) -> bool:
    """Write ``content`` to the file ``name`` (relative, with ``/``) below ``root``.

    Creates missing folders. Returns whether it was written: without ``overwrite``, whatever has
    that name stays; with it, a link of that name is replaced, not followed. Raises RequestError
    when the system refuses, or ``name`` leaves ``root``.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or ".." in path.parts:
        raise RequestError(f"{name!r} does not name a file inside the workspace.")
    try:
        with _folder(root, path.parts[:-1]) as folder:
            if not overwrite and _exists(folder, path.name):
                return False
            _write_atomically(folder, path.name, content)
    except OSError as error:
        raise _unwritten(root, path, error) from error
    return True


def try_writing(root: Path, folder: str, size: int) -> None:
    """Write ``size`` bytes to a file in ``folder`` below ``root``, and remove it again.

    Raises RequestError when the system refuses.
    """
    path = PurePosixPath(folder) / f".harness-{os.urandom(8).hex()}.tmp"
    write_file(root, str(path), bytes(size), overwrite=False)
    with suppress(OSError), _folder(root, path.parts[:-1]) as descriptor:
        os.unlink(path.name, dir_fd=descriptor)


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
def _folder(root: Path, parts: tuple[str, ...]) -> Iterator[int]:
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
