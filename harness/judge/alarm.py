"""Interrupts a suite that an answer keeps busy: a loop as long as the solution said, and the like.

The deadline of :mod:`harness.judge.link` covers waiting for the box; this covers the judge's own
work on what the box has sent.
"""

from __future__ import annotations

import contextlib
import ctypes
import signal
import threading
import time
from collections.abc import Collection, Iterator
from types import FrameType

from harness.judge.link import Link
from harness.model.verdict import Verdict

GRACE_SECONDS = 0.5
"""After the deadline, so that who waits for the box is told by the link and not by this."""
_REPEAT_SECONDS = 0.1
"""Once more if the first was lost, e.g. in a ``finally`` or a finalizer."""
_SAMPLE_SECONDS = 0.02
_BUSY_NANOSECONDS = 1_000_000
"""Of processor time within a sample; a thread that waits takes none."""
BUSY = "the case was still busy with an answer when its time was over"


@contextlib.contextmanager
def interrupt_at_deadline(link: Link) -> Iterator[None]:
    """Raise the link's fault in the main thread if the block outlasts the link's deadline."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise link.fail(Verdict.TIME_LIMIT, BUSY)

    previous = signal.signal(signal.SIGALRM, ring)
    left = max(0.0, link.deadline - time.monotonic()) + GRACE_SECONDS
    signal.setitimer(signal.ITIMER_REAL, left, _REPEAT_SECONDS)
    try:
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:  # also when it rang just before it was stopped: it must not ring anywhere else
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def end_busy(threads: Collection[threading.Thread]) -> None:
    """End those of ``threads`` that still compute when their case is over (Linux).

    They would take the processor from the cases that follow. One that waits is left alone: it may
    be a worker of a pool that later cases use.
    """
    if not threads:
        return
    time.sleep(_SAMPLE_SECONDS)  # for those that are just being told that the box is gone
    before = {thread: _processor_nanoseconds(thread) for thread in threads}
    time.sleep(_SAMPLE_SECONDS)
    for thread, taken in before.items():
        if _processor_nanoseconds(thread) - taken >= _BUSY_NANOSECONDS and thread.ident:
            identity = ctypes.c_ulong(thread.ident)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(identity, ctypes.py_object(SystemExit))


def _processor_nanoseconds(thread: threading.Thread) -> int:
    """Return what ``thread`` has taken so far; 0 when it has ended, or nobody tells."""
    try:
        with open(f"/proc/self/task/{thread.native_id}/schedstat") as file:
            return int(file.read().split()[0])
    except (OSError, ValueError):
        return 0
