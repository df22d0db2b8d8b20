"""Tries what must fail, in a box locked like any other. If one act succeeds, nobody judges."""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import resource
import socket
from collections.abc import Callable, Iterable, Iterator

from . import libc
from .syscalls import ARCHITECTURES, REFUSED

ROOT_FOLDER = "/"
OPEN_DESCRIPTORS = frozenset({0, 1, 2, 4})
"""Standard streams and the stream to the judge; nothing else may be open in a box."""
_LOOKED_AT = 256
_NO_LIMIT_ALLOWED = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")


def escapes(forbidden_files: Iterable[str], *, namespaces: bool = False) -> list[str]:
    """Return the acts that succeeded and must not; an empty list is a good box.

    ``forbidden_files`` are paths that exist on the host and no box may read; with ``namespaces``,
    not even see.
    """
    forbidden = list(forbidden_files)
    succeeded = [*_wrong_state(), *_system_calls()]
    attempts = [*_attempts(forbidden), *(_looks_outside(forbidden) if namespaces else ())]
    for act, attempt in attempts:
        try:
            attempt()
        except (OSError, ValueError):
            continue
        succeeded.append(act)
    return succeeded


def _attempts(forbidden_files: Iterable[str]) -> Iterator[tuple[str, Callable[[], object]]]:
    for path in ("/etc/passwd", "/proc/self/environ", "/proc/self/mem", *forbidden_files):
        yield f"read {path}", functools.partial(os.open, path, os.O_RDONLY)
    yield "list the root folder", lambda: os.listdir(ROOT_FOLDER)
    yield "create a file", _create_file
    yield "open a network socket", lambda: socket.socket(socket.AF_INET)
    yield "open a local socket", lambda: socket.socket(socket.AF_UNIX)
    yield "make a datagram pair", lambda: socket.socketpair(type=socket.SOCK_DGRAM)
    yield "start a process", _fork
    yield "signal its parent", lambda: os.kill(os.getppid() or 1, 0)
    yield "signal everybody", lambda: os.kill(-1, 0)
    yield "open many files", _open_many
    yield "run a program", lambda: os.execv("/bin/true", ["true"])


def _looks_outside(forbidden_files: Iterable[str]) -> Iterator[tuple[str, Callable[[], object]]]:
    """What only an own root folder and own process numbers hide."""
    for path in ("/proc/self", *forbidden_files):
        yield f"see that {path} exists", functools.partial(os.stat, path)
    yield "be a child of a process of the machine's", _require_first_process


def _require_first_process() -> None:
    if os.getppid() == 1:
        raise ProcessLookupError


def _wrong_state() -> Iterator[str]:
    """What is wrong with this process before it has tried anything."""
    if 0 in os.getresuid():
        yield "act as root"
    for name in _NO_LIMIT_ALLOWED:
        if resource.getrlimit(getattr(resource, name))[1] == resource.RLIM_INFINITY:
            yield f"use without limit what {name} limits"
    for descriptor in set(range(_LOOKED_AT)) - OPEN_DESCRIPTORS:
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        yield f"use descriptor {descriptor}"


def _system_calls() -> Iterator[str]:
    """Calls of which only the filter's answer counts: any other means that the kernel saw them."""
    column, _ = ARCHITECTURES[os.uname().machine]
    nonsense = [ctypes.c_long(-1)] * 6  # so that the kernel would do nothing, if it came so far
    for name, numbers in REFUSED.items():
        try:
            libc.system_call(numbers[column], name, *nonsense)
        except OSError as error:
            if error.errno == errno.EPERM:
                continue
        yield f"make the system call {name}"


def _create_file() -> None:
    path = f"/tmp/escape-{os.getpid()}"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    os.unlink(path)


def _open_many() -> None:
    opened: list[int] = []
    try:
        while len(opened) < _LOOKED_AT:
            opened.append(os.dup(0))
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)
