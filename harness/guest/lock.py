"""Locks a process for good: Landlock, then resource limits, then the system-call filter.

What cannot be put on raises :class:`OSError`; a box that is not locked must not come to life.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
import time
from collections.abc import Mapping
from typing import NamedTuple

from . import landlock, libc, seccomp

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38
_CLOSE_RANGE = 436
_HIGHEST = 0xFFFFFFFF
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3 = 0x20080522
_STACK_BYTES = 8 * 1024 * 1024
_OPEN_FILES = 64
_TASKS = 128
_ORPHANED = 70
_PROCESS_CPU_CLOCK = 2
"""With the complement of a process number above it, this is the clock of that process."""
IMPORT_CPU_SECONDS = 10

LINUX = sys.platform == "linux"


class BoxLimits(NamedTuple):
    """What one box may use."""

    cpu_seconds: int
    memory_bytes: int
    """Address space on top of what the interpreter has already mapped."""
    output_bytes: int


class BoxLock(NamedTuple):
    """What every box of a sandbox is locked with, made once."""

    ruleset: int
    """Descriptor of the Landlock ruleset."""
    filter: seccomp.Filter

    def close_on(self) -> None:
        """Lock the calling process, all but its resource limits. Raises :class:`OSError`."""
        hide_from_debuggers()
        self.filter.install(os.getpid())


def close_from(lowest: int) -> None:
    """Close every descriptor from ``lowest`` on."""
    if LINUX:
        numbers = (ctypes.c_uint(lowest), ctypes.c_uint(_HIGHEST), ctypes.c_uint(0))
        libc.system_call(_CLOSE_RANGE, "close_range", *numbers)
    else:
        os.closerange(lowest, max(int(name) for name in os.listdir("/dev/fd")) + 1)


def own_address_space() -> int:
    """Return the bytes that this process has mapped; 0 where the system does not say."""
    try:
        with open("/proc/self/statm") as handle:
            return int(handle.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def set_standing_limits() -> None:
    """Set what is the same for the zygote and all of its boxes; they inherit it.

    Raises :class:`OSError` or :class:`ValueError` for a limit that Linux does not take.
    """
    _lower(
        {
            "RLIMIT_STACK": _STACK_BYTES,
            "RLIMIT_CORE": 0,
            "RLIMIT_MEMLOCK": 0,
            "RLIMIT_MSGQUEUE": 0,
            "RLIMIT_SIGPENDING": _OPEN_FILES,
        }
    )
    # A print past the limit is an error the code can see, not a silent death.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def set_box_limits(*, owns_uid: bool) -> None:
    """Set what is the same for every box; raises like :func:`set_standing_limits`.

    ``owns_uid``: no process outside of the sandbox counts as this user's.
    """
    _lower({"RLIMIT_NOFILE": _OPEN_FILES, "RLIMIT_NPROC": _TASKS if owns_uid else None})


def set_limits(limits: BoxLimits, baseline_bytes: int) -> None:
    """Set the limits of a submission; raises like :func:`set_standing_limits`."""
    # The import may take longer than a case; `give_cpu_seconds` takes that back afterwards.
    cpu = limits.cpu_seconds + IMPORT_CPU_SECONDS
    _lower(
        {
            "RLIMIT_AS": baseline_bytes + limits.memory_bytes if baseline_bytes else None,
            "RLIMIT_CPU": cpu,
            "RLIMIT_FSIZE": limits.output_bytes,
        }
    )


def _lower(wanted: Mapping[str, int | None]) -> None:
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
            if LINUX:
                raise


def give_cpu_seconds(pid: int, cpu_seconds: int) -> None:
    """Give another process ``cpu_seconds`` of processor time from now on (Linux).

    From outside: its own code may have replaced everything that it would do this with. The signal
    at the soft limit can be ignored, so the hard one follows a second later.
    """
    if LINUX:
        with contextlib.suppress(OSError):  # it has ended
            used = time.clock_gettime(~pid << 3 | _PROCESS_CPU_CLOCK)
            _, hard = resource.prlimit(pid, resource.RLIMIT_CPU)
            soft = int(used) + cpu_seconds + 1
            resource.prlimit(pid, resource.RLIMIT_CPU, (min(soft, hard), min(soft + 1, hard)))


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends (Linux).

    ``parent``: the process that must still be there, 0 when it lies outside of our namespace.
    """
    if LINUX:
        libc.control_process(_PR_SET_PDEATHSIG, signal.SIGKILL, "PR_SET_PDEATHSIG")
        if os.getppid() != parent:  # it has ended before it could be watched
            os._exit(_ORPHANED)


def adopt_orphans() -> None:
    """Become the parent of processes whose own parent, a descendant of ours, has ended (Linux)."""
    if LINUX:
        libc.control_process(_PR_SET_CHILD_SUBREAPER, 1, "PR_SET_CHILD_SUBREAPER")


def hide_from_debuggers() -> None:
    """No core file, no ptrace, nothing readable under /proc for the same user."""
    libc.control_process(_PR_SET_DUMPABLE, 0, "PR_SET_DUMPABLE")


def forbid_new_privileges() -> None:
    """Make set-uid programs and file capabilities without effect from here on."""
    libc.control_process(_PR_SET_NO_NEW_PRIVS, 1, "PR_SET_NO_NEW_PRIVS")


def drop_capabilities() -> None:
    """Give up every capability, those that an own user namespace has granted among them."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    libc.system_call(_CAPSET[os.uname().machine], "capset", header, nothing)


def make_box_lock(readable: list[str]) -> BoxLock:
    """Prepare the lock of a sandbox whose boxes may read ``readable``. Raises :class:`OSError`."""
    return BoxLock(landlock.build_ruleset(readable), seccomp.Filter(os.uname().machine))
