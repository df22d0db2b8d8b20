"""Locks a process for good: resource limits, then Landlock, then the system-call filter."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from typing import NamedTuple

from . import seccomp

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_STACK_BYTES = 8 * 1024 * 1024
_OPEN_FILES = 64
_TASKS = 128
IMPORT_CPU_SECONDS = 10


class BoxLimits(NamedTuple):
    """What one box may use."""

    cpu_seconds: int
    memory_bytes: int
    """Address space on top of what the interpreter has already mapped."""
    output_bytes: int


def own_address_space() -> int:
    """Bytes this process has mapped; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm") as handle:
            return int(handle.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def set_limits(limits: BoxLimits, baseline_bytes: int, *, owns_uid: bool) -> None:
    """Set every resource limit. ``owns_uid``: no other process counts as this user's."""
    # The import may take longer than a case; `lower_cpu_limit` takes that back afterwards.
    cpu = limits.cpu_seconds + IMPORT_CPU_SECONDS
    wanted = {
        "RLIMIT_AS": baseline_bytes + limits.memory_bytes if baseline_bytes else None,
        "RLIMIT_CPU": cpu,
        "RLIMIT_FSIZE": limits.output_bytes,
        "RLIMIT_NOFILE": _OPEN_FILES,
        "RLIMIT_NPROC": _TASKS if owns_uid else None,
        "RLIMIT_STACK": _STACK_BYTES,
        "RLIMIT_CORE": 0,
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_SIGPENDING": _OPEN_FILES,
    }
    for name, value in wanted.items():
        number = getattr(resource, name, None)
        if number is None or value is None:
            continue
        hard = resource.getrlimit(number)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        try:
            resource.setrlimit(number, (value, value))
        except (OSError, ValueError):
            # macOS refuses some of them; on Linux a limit that cannot be lowered is a fault.
            if os.uname().sysname == "Linux":
                raise
    # A print past the limit is an error the code can see, not a silent death.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def lower_cpu_limit(cpu_seconds: int) -> None:
    """Give the code ``cpu_seconds`` from now; called when its import is done."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + cpu_seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (min(soft, hard), hard))


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends (Linux)."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def hide_from_debuggers() -> None:
    """No core file, no ptrace, nothing readable under /proc for the same user (Linux)."""
    _prctl(_PR_SET_DUMPABLE, 0)


def forbid_new_privileges() -> None:
    """Make set-uid programs and file capabilities without effect from here on (Linux)."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def filter_system_calls() -> None:
    """Install the system-call filter on this process. Raises :class:`OSError`."""
    seccomp.install(seccomp.build_program(os.uname().machine, os.getpid()))


def _prctl(option: int, value: int) -> None:
    if os.uname().sysname == "Linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
