"""One order to the judge."""

from __future__ import annotations

from harness.model.frozen import frozen
from harness.model.judgement import Suite
from harness.model.problem import Problem
from harness.model.snapshot import Snapshot


@frozen(kw_only=True)
class Job:
    """Judge ``snapshot`` against one kind of suite of ``levels``."""

    problem: Problem
    snapshot: Snapshot
    suite: Suite
    levels: tuple[int, ...]
    select: str = ""
    """A pytest ``-k`` expression; empty for all cases."""
    seed: str = "0"
    stop_at_timeout: bool = False
    """Leave out what comes after a case that was too slow: it is known then that this fails."""
