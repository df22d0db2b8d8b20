"""Checks and their findings. Plugins add checks by the hook ``harness_checks``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from harness.model.frozen import frozen


class Severity(StrEnum):
    """How bad a finding is. Only errors make ``harness author check`` fail."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Ground(StrEnum):
    """Names of foundations as plugins for harness 0.1.0 write them; any name will do now."""

    WRONG_LIST = "mistakes"
    WAIVERS = "mistakes"
    SOURCES = "suites"
    SUITES = "suites"
    REFERENCES = "references"
    CASES = "references"


@frozen(kw_only=True)
class Finding:
    """One thing an author should know, complete enough to act on."""

    message: str
    """The problem, in one sentence."""
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
    single: bool = False
    """Shown in full however many of its kind there are, because ``detail`` says what it is."""


CheckFunction = Callable[[Any], Iterable[Finding]]
"""Takes the problem to check, a ``harness.authoring.subject.Subject``."""


@frozen(kw_only=True)
class Check:
    """One question about a problem. ``run`` yields a finding for each thing that is not right."""

    name: str
    """One word or two with a dash, unique; what ``--only`` takes."""
    title: str
    """What is right when nothing is found, in a few words."""
    run: CheckFunction
    full: bool = False
    """Takes minutes: left out unless ``--full``."""
    needs: tuple[str, ...] = ()
    """Names of built-in checks. The check does not run while one of them has errors."""


@frozen(kw_only=True)
class CheckResult:
    """What one check found in one problem."""

    slug: str
    check: str
    title: str
    findings: tuple[Finding, ...]
    seconds: float
    not_asked: str = ""
    """Why the check did not run; empty when it did."""

    @property
    def passed(self) -> bool:
        """Whether the check ran, and no finding is an error."""
        errors = [f for f in self.findings if f.severity is Severity.ERROR]
        return not errors and not self.not_asked


def strictly(result: CheckResult) -> CheckResult:
    """Return ``result`` with its warnings as errors."""
    findings = (
        replace(finding, severity=Severity.ERROR)
        if finding.severity is Severity.WARNING
        else finding
        for finding in result.findings
    )
    return replace(result, findings=tuple(findings))
