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
    """Whatever can say what time it is."""

    def read(self) -> Reading:
        """Return all clocks, read at this moment."""


class SystemClock:
    """The clocks of this machine."""

    def __init__(self) -> None:
        # A process never outlives the boot it runs in, so once is enough.
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
    """Seconds since boot, counting the time the machine slept where the system can tell."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        # Runs on during sleep there, unlike time.monotonic.
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)
    return time.monotonic()


def _boot_id() -> str:
    """A text that changes with every boot, or nothing where the system has none."""
    if sys.platform == "linux":
        return read_boot_id(_LINUX_BOOT_ID)
    if sys.platform == "darwin":
        import ctypes

        return sysctl_text("kern.bootsessionuuid", ctypes.CDLL(None).sysctlbyname)
    return ""


def read_boot_id(path: Path) -> str:
    """Return the first line of ``path``, or nothing when it cannot be read."""
    try:
        return path.read_text("ascii", errors="replace").strip()
    except OSError:
        return ""


def sysctl_text(name: str, sysctlbyname: Callable[..., int]) -> str:
    """Return the text that macOS's ``sysctlbyname`` gives for ``name``, or nothing."""
    import ctypes

    buffer = ctypes.create_string_buffer(128)
    size = ctypes.c_size_t(len(buffer))
    if sysctlbyname(name.encode(), buffer, ctypes.byref(size), None, ctypes.c_size_t(0)) != 0:
        return ""
    return buffer.value.decode("ascii", errors="replace")
