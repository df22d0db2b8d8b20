"""Finds what a sandbox could leave behind on this machine."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

SECONDS = 1.0
_STEP_SECONDS = 0.02
_LISTED_FOLDERS = ("/tmp", "/dev/shm", "/dev/mqueue")
_ENGINE_FOLDERS = ("/var/lib/docker/", "/run/docker/", "/var/lib/containers/", "/run/containers/")
_SOCKETS = "/proc/net/unix"
_IPC_TABLES = ("/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg")


class Leftovers:
    """Remembers the state of the machine, to find later what was added."""

    def __init__(self) -> None:
        self._before = {name: look() for name, look in _LOOKS.items()}

    def found(self, *, but: frozenset[str] = frozenset(), seconds: float = SECONDS) -> list[str]:
        """Return what was added, after waiting up to ``seconds`` for it to go.

        ``but``: kinds not to look for, of ``process``, ``descriptor``, ``mount``, ``object``.
        """
        deadline = time.monotonic() + seconds
        while True:
            new = [
                f"{kind} {thing}"
                for kind, look in _LOOKS.items()
                if kind not in but
                for thing in look() - self._before[kind]
            ]
            if not new or time.monotonic() > deadline:
                return sorted(new)
            time.sleep(_STEP_SECONDS)


def descendants(ancestor: int) -> set[int]:
    """Return the processes below ``ancestor``; none on a system without ``/proc``."""
    children: dict[int, list[int]] = {}
    for entry in _listed("/proc"):
        if entry.isdigit():
            parent = _parent_of(int(entry))
            children.setdefault(parent, []).append(int(entry))
    found: set[int] = set()
    pending = [ancestor]
    while pending:
        for child in children.get(pending.pop(), []):
            found.add(child)
            pending.append(child)
    return found


def _parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0  # it has just ended


def _processes() -> set[str]:
    return {str(pid) for pid in descendants(os.getpid())}


def _descriptors() -> set[str]:
    return {name for name in _listed("/dev/fd") if _is_open(int(name))}


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False  # the one that the listing itself was read by
    return True


def _mounts() -> set[str]:
    """Return all but those of container engines, which change with every container."""
    lines = _lines("/proc/self/mountinfo")
    return {line for line in lines if not line.split()[4].startswith(_ENGINE_FOLDERS)}


def _objects() -> set[str]:
    """Return our files where any process may make one, abstract sockets, and System V objects."""
    sockets = {line.rpartition(" ")[2] for line in _lines(_SOCKETS) if line.endswith("escape")}
    files = {f"{folder}/{name}" for folder in _LISTED_FOLDERS for name in _listed(folder)}
    named = {file for file in files if "harness" in file or "escape" in file}
    return named | sockets | {line for table in _IPC_TABLES for line in _lines(table)}


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text().splitlines()
    except OSError:
        return []


_LOOKS: dict[str, Callable[[], set[str]]] = {
    "process": _processes,
    "descriptor": _descriptors,
    "mount": _mounts,
    "object": _objects,
}
