"""Threads that a suite starts: what ends them, and what is left of them after their case."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Collection
from typing import Self

from harness.judge.link import READER

_SAMPLE_SECONDS = 0.02
_BUSY_NANOSECONDS = 1_000_000
"""Of processor time within a sample; a thread that waits takes none."""


class WatchedThreads:
    """Adds the exceptions that end threads within the block to ``errors``; pytest only warns."""

    def __init__(self, errors: list[BaseException]) -> None:
        self._errors = errors

    def __enter__(self) -> Self:
        self._older = frozenset(threading.enumerate())
        self._previous = threading.excepthook
        threading.excepthook = self._note
        return self

    def __exit__(self, *_: object) -> None:
        threading.excepthook = self._previous

    def left_behind(self) -> list[threading.Thread]:
        """Return the threads of the suite that have begun since, and have not ended."""
        alive = set(threading.enumerate()) - self._older
        return [thread for thread in alive if thread.name != READER]

    def _note(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and args.thread not in self._older:
            self._errors.append(args.exc_value)


def end_busy(threads: Collection[threading.Thread]) -> None:
    """End those of ``threads`` that still compute when their case is over (Linux).

    They would take the processor from the cases that follow. One that waits is left alone: it may
    be a worker of a pool that later cases use.
    """
    if not threads:
        return
    time.sleep(_SAMPLE_SECONDS)  # for those that are about to learn that the box is gone
    before = {thread: _processor_nanoseconds(thread) for thread in threads}
    time.sleep(_SAMPLE_SECONDS)
    for thread, taken in before.items():
        if _processor_nanoseconds(thread) - taken >= _BUSY_NANOSECONDS and thread.ident:
            identity = ctypes.c_ulong(thread.ident)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(identity, ctypes.py_object(SystemExit))


def _processor_nanoseconds(thread: threading.Thread) -> int:
    """Return what ``thread`` has taken so far; 0 when it has ended, or the system does not say."""
    try:
        with open(f"/proc/self/task/{thread.native_id}/schedstat") as file:
            return int(file.read().split()[0])
    except (OSError, ValueError):
        return 0
