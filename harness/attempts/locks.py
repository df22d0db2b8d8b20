"""Locks between processes that the kernel releases when their holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.errors import RequestError


class HeldError(Exception):
    """Another process holds the lock; ``pid`` is its id, or 0 when unknown."""

    def __init__(self, pid: int) -> None:
        super().__init__(pid)
        self.pid = pid


@contextmanager
def exclusive(path: Path, wait: bool = True) -> Iterator[None]:
    """Hold the lock file ``path``, which is created when missing and never removed.

    The kernel holds the lock, so a killed process leaves nothing to clean up.
    Raises OSError, and without ``wait`` HeldError.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise HeldError(_read_pid(descriptor)) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def locks_folder(home: Path) -> Path:
    """Return the folder that holds all lock files."""
    return home / "locks"


@contextmanager
def judging_lock(home: Path, attempt_id: str) -> Iterator[None]:
    """Hold the right to judge this attempt. Raises RequestError when it is taken; OSError."""
    folder = locks_folder(home)
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        with exclusive(folder / f"{attempt_id}.lock", wait=False):
            yield
    except HeldError as held:
        by = f" by process {held.pid}" if held.pid else ""
        raise RequestError(
            f"A submission of attempt {attempt_id} is being judged right now{by}.",
            hint="harness submit  (after that one is done)",
        ) from None


def _read_pid(descriptor: int) -> int:
    text = os.pread(descriptor, 32, 0).strip()
    return int(text) if text.isdigit() else 0
