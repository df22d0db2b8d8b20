"""What a candidate may read once an attempt is over."""

from __future__ import annotations

from harness.model.frozen import frozen
from harness.model.snapshot import Snapshot


@frozen(kw_only=True)
class Debrief:
    """The author's own words and code. Never shown while the attempt is open."""

    level: int
    """The level that ``reference`` solves."""
    editorial: str
    """Markdown."""
    reference: Snapshot
