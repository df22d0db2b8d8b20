"""Tries what must fail, in a box locked like any other. If anything succeeds, nothing is judged."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
from collections.abc import Iterable, Iterator

from . import libc
from .acts import ACTS, DENIED, attempt
from .syscalls import ARCHITECTURES, REFUSED

_LIMITS = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")
_SECRETS = ("/etc/passwd", "/proc/self/environ", "/proc/self/mem")

Trial = tuple[str, int | str] | tuple[str]
"""The name of an act, and what it is aimed at."""
_LAST: Trial = ("become_program",)
"""Where it succeeds, the self-test has no answer, which is a failure too."""


def escapes(forbidden_files: Iterable[str], *, namespaces: bool = False) -> list[str]:
    """Return the acts that succeeded and must not; an empty list is a good box.

    ``forbidden_files`` are paths that exist on the host and no box may read; with ``namespaces``,
    not even see.
    """
    forbidden = list(forbidden_files)
    trials = [*_trials(forbidden), *(_trials_outside(forbidden) if namespaces else ()), _LAST]
    texts = {act.name: act.text for act in ACTS}
    calls = list(_system_calls())
    succeeded = [trial for trial in trials if attempt(*trial)[0] != DENIED]
    return calls + [": ".join([texts[name], *map(_shown, aim)]) for name, *aim in succeeded]


def _trials(forbidden_files: Iterable[str]) -> Iterator[Trial]:
    yield ("act_as_root",)
    yield ("use_descriptors",)
    for limit in _LIMITS:
        yield "go_unlimited", limit
    for path in (*_SECRETS, *forbidden_files):
        yield "read_file", path
    yield "list_folder", "/"
    yield "create_file", f"/tmp/escape-{os.getpid()}"
    yield "open_socket", socket.AF_INET
    yield "open_socket", socket.AF_UNIX
    yield "open_pair", socket.SOCK_DGRAM
    yield ("start_process",)
    yield "signal_process", os.getppid() or 1
    yield "signal_process", -1
    yield "take_time_of", os.getppid() or 1
    yield ("see_machine",)
    yield ("open_files",)


def _trials_outside(forbidden_files: Iterable[str]) -> Iterator[Trial]:
    """Yield what only an own root folder and own process numbers hide."""
    for path in ("/proc/self", *forbidden_files):
        yield "see_file", path
    yield ("see_parent",)


def _shown(aim: int | str) -> str:
    return getattr(aim, "name", str(aim))


def _system_calls() -> Iterator[str]:
    """Yield the calls that did not get the filter's answer; any other is one of the kernel."""
    column, _ = ARCHITECTURES[os.uname().machine]
    nonsense = [ctypes.c_long(-1)] * 6  # so that the kernel would do nothing, if it came so far
    call = libc.library().syscall
    for name, numbers in REFUSED.items():
        if (
            call(ctypes.c_long(numbers[column]), *nonsense) != -1
            or ctypes.get_errno() != errno.EPERM
        ):
            yield f"make the system call {name}"
