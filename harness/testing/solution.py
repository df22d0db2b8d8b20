"""The solution that the conformance suite loads: does in the box what the suite asks for.

It is sent to the box as text beside ``guest/acts.py``, and imports nothing of harness.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import threading
import time

STATE: dict[str, str] = {}


def add(left: int, right: int) -> int:
    """Return the sum."""
    return left + right


def remember(key: str, value: str) -> None:
    """Keep something in the module."""
    STATE[key] = value


def recall(key: str) -> str | None:
    """Return what was kept in this process."""
    return STATE.get(key)


def process_id() -> int:
    """Return the number of this process."""
    return os.getpid()


def environment() -> dict[str, str]:
    """Return all environment variables."""
    return dict(os.environ)


def use_memory(megabytes: int) -> int:
    """Allocate and touch memory."""
    return len(bytearray(megabytes << 20))


def spin() -> None:
    """Use the processor without end."""
    while True:
        pass


def sleep(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


def stop_itself() -> None:
    """Send SIGSTOP to this process."""
    os.kill(os.getpid(), signal.SIGSTOP)


def end(code: int) -> None:
    """End the process at once."""
    os._exit(code)


def print_line(text: str) -> None:
    """Print one line."""
    print(text, flush=True)


def flood(kilobytes: int) -> None:
    """Print a lot."""
    for _ in range(kilobytes):
        print("x" * 1023, flush=True)


def count_threads(most: int) -> int:
    """Start threads until it fails; return how many."""
    release = threading.Event()
    threads: list[threading.Thread] = []
    with contextlib.suppress(RuntimeError, MemoryError):
        while len(threads) < most:
            thread = threading.Thread(target=release.wait, daemon=True)
            thread.start()
            threads.append(thread)
    release.set()
    return len(threads)


def count_open_files(most: int) -> int:
    """Open descriptors until it fails; return how many."""
    opened: list[int] = []
    with contextlib.suppress(OSError):
        while len(opened) < most:
            opened.append(os.dup(0))
    for descriptor in opened:
        os.close(descriptor)
    return len(opened)


def open_inodes() -> list[tuple[int, int]]:
    """Return device and inode of every open descriptor."""
    inodes: list[tuple[int, int]] = []
    for descriptor in range(1024):
        with contextlib.suppress(OSError):
            status = os.fstat(descriptor)
            inodes.append((status.st_dev, status.st_ino))
    return inodes


def try_act(act: str, *arguments: object) -> str:
    """Try a forbidden act: ``guest/acts.py`` lies beside this file in the box."""
    answer: str = importlib.import_module("acts").attempt(act, *arguments)[0]
    return answer


def leave_process_behind() -> None:
    """Start a process that detaches itself and keeps running."""
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        time.sleep(60)
        os._exit(0)
