"""Draws what the checks of a problem found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.model.finding import CheckResult, Finding, Severity
from harness.reports.terminal.page import (
    BAD,
    FAIL,
    OK,
    PASS,
    POINTER,
    QUIET,
    STRONG,
    WARN,
    Page,
    Verbatim,
    edges,
    indented,
    safe_text,
)
from harness.reports.wording import count_text

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

_STYLES = {Severity.ERROR: BAD, Severity.WARNING: WARN, Severity.NOTE: QUIET}


def render_examination(results: Sequence[CheckResult], below: Path) -> Page:
    """Draw one problem's results; paths are shortened if they lie ``below``."""
    return Page(*_parts(results, below))


def _parts(results: Sequence[CheckResult], below: Path) -> Iterator[RenderableType]:
    yield safe_text(results[0].slug, STRONG)
    for result in results:
        yield indented(edges(_row(result), safe_text(_tally(result), QUIET)), 2)
    for result in results:
        for finding in result.findings:
            yield safe_text("")
            yield from _finding(result, finding, below)


def _row(result: CheckResult) -> Text:
    line = safe_text(PASS if result.passed else FAIL, OK if result.passed else BAD)
    line.append_text(safe_text(f" {result.check:<13} "))
    line.append_text(safe_text(result.title, QUIET))
    return line


def _tally(result: CheckResult) -> str:
    if not result.findings:
        return f"{result.seconds:.1f} s"
    return count_text(len(result.findings), "finding")


def _finding(result: CheckResult, finding: Finding, below: Path) -> Iterator[RenderableType]:
    head = safe_text(f"{finding.severity.value} ", _STYLES[finding.severity])
    head.append_text(safe_text(result.check, STRONG))
    if finding.path is not None:
        head.append_text(safe_text(f"  {_place(finding, below)}"))
    yield indented(head, 2)
    yield indented(safe_text(finding.message), 4)
    yield indented(safe_text(finding.why, QUIET), 4)
    yield indented(safe_text(f"{POINTER} {finding.fix}"), 4)
    if finding.detail:
        yield Verbatim([(line, QUIET) for line in finding.detail.splitlines()], indent=6)


def _place(finding: Finding, below: Path) -> str:
    assert finding.path is not None
    near = finding.path.is_relative_to(below)
    path = finding.path.relative_to(below) if near else finding.path
    return f"{path}:{finding.line}" if finding.line else str(path)
