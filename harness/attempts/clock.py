"""Reading the machine's clocks."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from harness.model.attempt import Reading

_LINUX_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """A source of the time."""

    def read(self) -> Reading:
        """Return all clocks, read at this moment."""


class SystemClock:
    """The clocks of this machine."""

    def __init__(self) -> None:
        # A process never outlives its boot, so reading it once is enough.
        self._boot_id = _boot_id()

    def read(self) -> Reading:
        """Return all clocks, read at this moment. Raises nothing."""
        return Reading(
            wall=time.time(),
            boot_id=self._boot_id,
            boottime=_boottime(),
            monotonic=time.monotonic(),
        )


def _boottime() -> float:
    """Return the seconds since boot, including sleep where the system counts it."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        # Unlike time.monotonic, this clock runs on during sleep.
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)
    return time.monotonic()


def _boot_id() -> str:
    """Return a text that changes with every boot; empty where the system has none."""
    if sys.platform == "linux":
        return read_boot_id(_LINUX_BOOT_ID)
    if sys.platform == "darwin":
        import ctypes

        return sysctl_text("kern.bootsessionuuid", ctypes.CDLL(None).sysctlbyname)
    return ""


def read_boot_id(path: Path) -> str:
    """Return the text in ``path``; empty when it cannot be read."""
    try:
        return path.read_text("ascii", errors="replace").strip()
    except OSError:
        return ""


def sysctl_text(name: str, sysctlbyname: Callable[..., int]) -> str:
    """Return the text that macOS's ``sysctlbyname`` gives for ``name``; empty on failure."""
    import ctypes

    buffer = ctypes.create_string_buffer(128)
    size = ctypes.c_size_t(len(buffer))
    if sysctlbyname(name.encode(), buffer, ctypes.byref(size), None, ctypes.c_size_t(0)) != 0:
        return ""
    return buffer.value.decode("ascii", errors="replace")
