"""Interrupts a suite that an answer keeps busy, such as a loop as long as the solution said.

The deadline of :mod:`harness.judge.link` covers waiting for the box; this covers the judge's own
work on what the box has sent.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator
from types import FrameType

from harness.judge.link import Link
from harness.model.judgement import Verdict

GRACE_SECONDS = 0.5
"""After the deadline: whoever waits for the box gets the link's fault first."""
_REPEAT_SECONDS = 0.1
"""Once more if the first was lost, e.g. in a ``finally`` or a finalizer."""
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
