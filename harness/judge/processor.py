"""Keeps the judge and the current box on one processor while they talk.

A call then is two switches on one processor instead of two wake-ups of idle ones. Between cases
the judge is free to move, so that it never stays beside something busy.
"""

from __future__ import annotations

import contextlib
import os

from harness.guest.libc import library


class SharedProcessor:
    """Where judge and box meet. Does nothing on one processor, or where it cannot be chosen."""

    def __init__(self) -> None:
        self._allowed: set[int] = set()
        if hasattr(os, "sched_getaffinity"):
            self._allowed = os.sched_getaffinity(0)

    def stay(self) -> int | None:
        """Pin the calling thread to the processor it runs on, and return that one's number."""
        if len(self._allowed) < 2:
            return None
        processor = int(library().sched_getcpu())
        try:
            os.sched_setaffinity(0, {processor})
        except OSError:
            return None
        return processor

    def leave(self) -> None:
        """Let the calling thread run anywhere again."""
        if len(self._allowed) > 1:
            with contextlib.suppress(OSError):
                os.sched_setaffinity(0, self._allowed)
