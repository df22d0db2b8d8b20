"""When the judge's child looks for garbage in cycles: where no request is open, and not by itself.

What the suite has left there may ask the box when it ends, e.g. to leave a ``with`` block or to
cancel what it does not wait for any more. Python looks for garbage in the middle of anything, and
in any thread: between a request and its answer, or in the one that reads for all others.
"""

from __future__ import annotations

import gc

_MANY_NEW = 10_000
"""Objects that may have been made since the last look."""
_MANY_LOOKS = 10
"""Looks among new objects only, after which one goes through all."""


def keep_all() -> None:
    """Keep all that is loaded by now for good; Python does not look for garbage by itself."""
    gc.freeze()
    gc.disable()


def throw_away() -> None:
    """Free what is garbage by now, if there may be much; to be called where no request is open."""
    new, _, looks = gc.get_count()
    if new > _MANY_NEW:
        gc.collect(2 if looks > _MANY_LOOKS else 1)
