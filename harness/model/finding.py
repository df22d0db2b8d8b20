"""What a check finds, and what a check is. Third parties add theirs by ``harness_checks``."""

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
    """What a check may stand on. ``SUITES`` needs ``SOURCES``, and so each of them the ones above.

    ``WRONG_LIST`` and ``WAIVERS`` stand by themselves.
    """

    WRONG_LIST = "wrong.toml can be read"
    WAIVERS = "waivers.toml can be read"
    SOURCES = "the suites are Python"
    SUITES = "the suites can be collected"
    REFERENCES = "the references can be imported and have their names"
    CASES = "the references pass their cases"


@frozen(kw_only=True)
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
    single: bool = False
    """Shown in full however many of its kind there are: what is told lies in ``detail``."""


CheckFunction = Callable[[Any], Iterable[Finding]]
"""Gets the problem under examination, a ``harness.authoring.subject.Subject``."""


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
    needs: tuple[Ground, ...] = ()
    """It is not asked while one of these does not hold; some other check tells why."""


@frozen(kw_only=True)
class CheckResult:
    """What one check found out about one problem."""

    slug: str
    check: str
    title: str
    findings: tuple[Finding, ...]
    seconds: float
    not_asked: str = ""
    """Why the question could not be asked; empty when it was."""

    @property
    def passed(self) -> bool:
        """Whether the question was asked, and no finding is an error."""
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
