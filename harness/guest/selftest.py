"""Tries what must fail, in a box locked like any other. If one act succeeds, nobody judges."""

from __future__ import annotations

import functools
import os
import signal
import socket
from collections.abc import Callable, Iterable, Iterator

PARENT_FOLDER = "/"


def escapes(forbidden_files: Iterable[str]) -> list[str]:
    """Return the acts that succeeded and must not; an empty list is a good box.

    ``forbidden_files`` are paths that exist on the host and no box may read.
    """
    succeeded = []
    for act, attempt in _attempts(forbidden_files):
        try:
            attempt()
        except (OSError, ValueError):
            continue
        succeeded.append(act)
    return succeeded


def _attempts(forbidden_files: Iterable[str]) -> Iterator[tuple[str, Callable[[], object]]]:
    for path in ("/etc/passwd", "/proc/self/environ", *forbidden_files):
        yield f"read {path}", functools.partial(os.open, path, os.O_RDONLY)
    yield "list the root folder", lambda: os.listdir(PARENT_FOLDER)
    yield "create a file", lambda: os.open("/tmp/escape", os.O_CREAT | os.O_WRONLY)
    yield "open a network socket", lambda: socket.socket(socket.AF_INET)
    yield "open a local socket", lambda: socket.socket(socket.AF_UNIX)
    yield "start a process", _fork
    yield "run a program", lambda: os.execv("/bin/true", ["true"])
    yield "signal the parent", lambda: os.kill(os.getppid() or 1, 0)
    yield "signal everybody", lambda: os.kill(-1, signal.SIGCONT)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)
