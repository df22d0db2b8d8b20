"""What the judge's parent tells its child, and back: one JSON object per line.

Plain dataclasses, since the child starts without pydantic.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class SuiteFile:
    """One suite to run."""

    level: int
    path: str


@dataclass(frozen=True)
class Order:
    """Everything the child needs to judge one submission."""

    backend: str
    """A backend's name, or ``auto``."""
    root: str
    """The problem's folder; becomes pytest's rootdir."""
    suites: list[SuiteFile]
    files: dict[str, str]
    module: str
    methods: dict[str, list[str]]
    exceptions: dict[str, str]
    wall_seconds: float
    cpu_seconds: int
    memory_mb: int
    output_kb: int
    select: str
    seed: str
    cache: str
    """Where compiled suites may be kept; empty for nowhere."""
    cases: int
    """About how many cases there are: enough to prepare boxes before they are collected."""

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Order:
        """Undo :meth:`to_json`."""
        suites = [SuiteFile(**suite) for suite in data["suites"]]
        return cls(**{**data, "suites": suites})


@dataclass
class Outcome:
    """One case's outcome as the child reports it; fields as in ``model.judgement.CaseOutcome``."""

    case: str
    level: int
    title: str
    verdict: str
    seconds: float
    message: str = ""
    calls: list[str] = field(default_factory=list)
    calls_omitted: int = 0
    expected: str | None = None
    actual: str | None = None
    where: str = ""
    output: str = ""
