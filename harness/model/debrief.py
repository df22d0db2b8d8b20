"""What a candidate may read after the end of an attempt."""

from __future__ import annotations

from harness.model.frozen import frozen
from harness.model.problem import Snapshot


@frozen(kw_only=True)
class Debrief:
    """Editorial and reference. Never shown while the attempt is open."""

    level: int
    """The level that ``reference`` solves."""
    editorial: str
    """Markdown."""
    reference: Snapshot
