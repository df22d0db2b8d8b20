"""The solution that the conformance suite loads: does in the box what it is told to.

It is sent to the box as text and imports nothing of ours. Functions that try something return
``"allowed"`` or the name of the exception.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable

STATE: dict[str, str] = {}


def add(left: int, right: int) -> int:
    """Return the sum."""
    return left + right


def remember(key: str, value: str) -> None:
    """Keep something in the module."""
    STATE[key] = value


def recall(key: str) -> str | None:
    """Return what was kept in this very process."""
    return STATE.get(key)


def process_id() -> int:
    """Return the own process id."""
    return os.getpid()


def environment() -> dict[str, str]:
    """Return all environment variables."""
    return dict(os.environ)


def use_memory(megabytes: int) -> int:
    """Allocate and touch memory."""
    return len(bytearray(megabytes << 20))


def spin() -> None:
    """Use the processor for ever."""
    while True:
        pass


def sleep(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


def stop_itself() -> None:
    """Send the own process SIGSTOP."""
    os.kill(os.getpid(), signal.SIGSTOP)


def end(code: int) -> None:
    """End the process at once."""
    os._exit(code)


def say(text: str) -> None:
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


def attempt(action: Callable[[], object]) -> str:
    """Tell how ``action`` ends."""
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "allowed"


def read(path: str) -> str:
    """Try to read a file."""
    return attempt(lambda: open(path, "rb").read(1))


def write(path: str) -> str:
    """Try to create a file."""
    return attempt(lambda: open(path, "wb"))


def list_folder(path: str) -> str:
    """Try to list a folder."""
    return attempt(lambda: os.listdir(path))


def connect(host: str, port: int) -> str:
    """Try to connect over TCP."""
    return attempt(lambda: socket.create_connection((host, port), timeout=2))


def connect_local(address: str) -> str:
    """Try to connect to a local socket."""
    return attempt(lambda: socket.socket(socket.AF_UNIX).connect(address))


def signal_process(pid: int) -> str:
    """Try whether a process could be signalled."""
    return attempt(lambda: os.kill(pid, 0))


def fork() -> str:
    """Try to start a process."""

    def act() -> None:
        if os.fork() == 0:
            os._exit(0)

    return attempt(act)


def run_program() -> str:
    """Try to run a program."""
    import subprocess

    return attempt(lambda: subprocess.run(["/bin/true"], check=False))


def leave_process_behind() -> None:
    """Start a process that detaches itself and stays."""
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        time.sleep(60)
        os._exit(0)
