"""One order to the judge."""

from __future__ import annotations

from harness.model.base import Frozen
from harness.model.judgement import Suite
from harness.model.problem import Problem
from harness.model.snapshot import Snapshot


class Job(Frozen):
    """Judge ``snapshot`` against one kind of suite of ``levels``."""

    problem: Problem
    snapshot: Snapshot
    suite: Suite
    levels: tuple[int, ...]
    select: str = ""
    """A pytest ``-k`` expression; empty for all cases."""
    seed: str = "0"
