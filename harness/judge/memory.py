"""The memory of the judge's child: how much a suite may take of it, and when garbage is looked for.

Not by Python itself, and only where no request is open: what the suite has left in cycles may ask
the box when it ends, e.g. to leave a ``with`` block or to cancel what it does not wait for any
more. Python would look in the middle of anything, and in any thread: between a request and its
answer, or in the one that reads for all others.
"""

from __future__ import annotations

import contextlib
import gc
import resource
import sys
from collections.abc import Iterator

SUITE_BYTES = 1 << 30
"""Twenty times what suites and the largest answers take."""
_RESERVE_BYTES = 128 << 20
"""What is left to the judge when a suite has used up all that it may take."""
_MANY_NEW = 10_000
"""Objects that may have been made since the last look."""
_MANY_LOOKS = 10
"""Looks among new objects only, after which one goes through all."""

_, _hard = resource.getrlimit(resource.RLIMIT_DATA)
_most = SUITE_BYTES + _RESERVE_BYTES
if _hard != resource.RLIM_INFINITY:
    _most = min(_most, _hard)


def limit_memory() -> None:
    """Let an answer that takes too much memory end in a MemoryError.

    Called when the sandbox stands: its boxes have limits of their own.
    """
    _allow(_most)


@contextlib.contextmanager
def kept_reserve() -> Iterator[None]:
    """Within the block the suite runs: it ends before the judge has nothing left to say so."""
    _allow(max(_most - _RESERVE_BYTES, _most // 2))
    try:
        yield
    finally:
        _allow(_most)


def _allow(size: int) -> None:
    with contextlib.suppress(OSError, ValueError):  # some systems do not take it
        resource.setrlimit(resource.RLIMIT_DATA, (size, _hard))


def keep_all() -> None:
    """Keep all that is loaded by now for good; Python does not look for garbage by itself."""
    gc.freeze()
    gc.disable()


def throw_away() -> None:
    """Free what is garbage by now, if there may be much; to be called where no request is open."""
    new, _, looks = gc.get_count()
    if new > _MANY_NEW:
        gc.collect(2 if looks > _MANY_LOOKS else 1)


def forget_exceptions() -> None:
    """Free what the exceptions of a case hold: their frames may have made much of an answer."""
    sys.last_type = sys.last_value = sys.last_traceback = None
    gc.collect()
