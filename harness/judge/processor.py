"""Keeps the judge and the current box on one processor while they talk, and others off it.

A call then is two switches on one processor instead of two wake-ups of idle ones. Between cases
the judge is free to move, so that it never stays beside something busy.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator


class SharedProcessor:
    """Where judge and box meet. Does nothing on one processor, or where it cannot be chosen."""

    def __init__(self) -> None:
        self._allowed = _allowed()

    def current(self) -> int | None:
        """Return the processor that the calling thread runs on, None when there is no choice."""
        from harness.guest.libc import library  # not for the parent, which starts sooner so

        return int(library().sched_getcpu()) if len(self._allowed) > 1 else None

    def stay(self) -> int | None:
        """Pin the calling thread to the processor it runs on, and return that one's number."""
        processor = self.current()
        if processor is not None:
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


@contextlib.contextmanager
def keep_off(processor: int | None) -> Iterator[None]:
    """Leave ``processor`` to the judge, as far as the calling thread is concerned."""
    allowed = _allowed()
    others = allowed - {processor}
    if not others or others == allowed:
        yield
        return
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, others)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, allowed)


def _allowed() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
