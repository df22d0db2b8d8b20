"""What the judge is asked for."""

from __future__ import annotations

from harness.model.frozen import frozen
from harness.model.judgement import Suite
from harness.model.problem import Problem
from harness.model.snapshot import Snapshot


@frozen(kw_only=True)
class Request:
    """Judge ``snapshot`` by one kind of suite of ``levels``."""

    problem: Problem
    snapshot: Snapshot
    suite: Suite
    levels: tuple[int, ...]
    select: str = ""
    """A pytest ``-k`` expression; empty for all cases."""
    seed: str = "0"
    stop_at_timeout: bool = False
    """Leave out what follows a case that was too slow: the solution is rejected by then."""
