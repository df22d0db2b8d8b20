"""What the judge's parent tells its child, a plan and then an order, and what comes back.

One JSON object per line.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import Any

from harness.model.frozen import frozen
from harness.model.manifest import Limits

MOST_BOXES_AHEAD = 16
"""Prepared before the first case; more would only take memory."""


@frozen
class SuiteFile:
    """One suite to run."""

    level: int
    path: str


@frozen
class Plan:
    """What is known before the submission: enough to start a sandbox and collect suites."""

    backend: str
    """A backend's name, or ``auto``."""
    root: str
    """The problem's folder."""
    suites: tuple[SuiteFile, ...]
    module: str
    methods: dict[str, list[str]]
    exceptions: dict[str, str]
    limits: Limits
    select: str
    seed: str
    cache: str
    """Where compiled suites may be kept; empty for nowhere."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Plan:
        """Undo ``asdict``."""
        suites = tuple(SuiteFile(**suite) for suite in data["suites"])
        return cls(**{**data, "suites": suites, "limits": Limits(**data["limits"])})

    def covers(self, other: Plan) -> bool:
        """Tell whether a child that follows this plan can do what ``other`` asks for."""
        same = replace(self, suites=()) == replace(other, suites=())
        return same and set(other.suites) <= set(self.suites)


@frozen
class Order:
    """Judge these files now, by some of the plan's suites."""

    files: dict[str, str]
    suites: list[str]
    """Paths."""
    cases: int
    """About how many cases there are: enough to prepare boxes before they are collected."""
    stop_at_timeout: bool = False
    """Leave out what comes after a case that was too slow."""
    judged: list[str] = field(default_factory=list)
    """Ids of cases that need not run: another child has told of them already."""
