"""What a check finds, and what a check is. Third parties add theirs by ``harness_checks``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any


class Severity(StrEnum):
    """How bad a finding is. Only errors make ``harness author check`` fail."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing an author should know, told so that they need not ask further."""

    message: str
    """What is so, in one sentence."""
    why: str
    """Why it matters to a candidate."""
    fix: str
    """What to do about it."""
    path: Path | None = None
    line: int | None = None
    level: int | None = None
    severity: Severity = Severity.ERROR
    detail: str = ""
    """More lines, such as a diff; may be long."""


CheckFunction = Callable[[Any], Iterable[Finding]]
"""Gets the problem under examination, a ``harness.authoring.subject.Subject``."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One question about a problem. ``run`` yields a finding for each thing that is not right."""

    name: str
    """One word or two with a dash, unique; what ``--only`` takes."""
    title: str
    """What is right when nothing is found, in a few words."""
    run: CheckFunction
    full: bool = False
    """Takes minutes: left out unless ``--full``."""


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What one check found out about one problem."""

    slug: str
    check: str
    title: str
    findings: tuple[Finding, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether no finding is an error."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


def strictly(result: CheckResult) -> CheckResult:
    """Return ``result`` with its warnings as errors."""
    findings = (
        replace(finding, severity=Severity.ERROR)
        if finding.severity is Severity.WARNING
        else finding
        for finding in result.findings
    )
    return replace(result, findings=tuple(findings))
