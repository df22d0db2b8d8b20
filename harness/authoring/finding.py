"""What a check finds, and what a check is. Third parties add theirs by ``harness_checks``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.authoring.subject import Subject


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


CheckFunction = Callable[["Subject"], Iterable[Finding]]


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
