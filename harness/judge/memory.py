"""How much memory the suite may take, so that an answer cannot exhaust the machine."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator

SUITE_BYTES = 1 << 30
"""Twenty times what suites and the largest answers take."""
_RESERVE_BYTES = 128 << 20
"""What is left to the judge when a suite has used up all that it may take."""

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
