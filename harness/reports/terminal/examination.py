"""Draws what the checks of a problem found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import RenderableType
from rich.text import Text

from harness.model.finding import CheckResult, Finding, Severity
from harness.reports.terminal.page import (
    BAD,
    DOUBT,
    FAIL,
    OK,
    PASS,
    POINTER,
    QUIET,
    STRONG,
    UNASKED,
    WARN,
    Page,
    Verbatim,
    edges,
    indented,
    safe_text,
)
from harness.words import count_text

MOST_OF_A_KIND = 3
"""So many findings of one kind are shown; the others are counted."""

_STYLES = {Severity.ERROR: BAD, Severity.WARNING: WARN, Severity.NOTE: QUIET}


def render_examination(results: Sequence[CheckResult], below: Path) -> Page:
    """Draw one problem's results; paths are shortened if they lie ``below``."""
    return Page(*_parts(results, below))


def _parts(results: Sequence[CheckResult], below: Path) -> Iterator[RenderableType]:
    yield safe_text(results[0].slug, STRONG)
    for result in results:
        yield indented(edges(_row(result), safe_text(_tally(result), QUIET)), 2)
    for result in results:
        for kind in _kinds(result.findings):
            yield safe_text("")
            yield from _kind(result, kind, below)
    closing = _closing(results)
    if closing:
        yield safe_text("")
        yield indented(safe_text(closing, STRONG), 2)


def _row(result: CheckResult) -> Text:
    mark, style = _mark(result)
    line = safe_text(mark, style)
    line.append_text(safe_text(f" {result.check:<13} "))
    said = f"not asked: {result.not_asked}" if result.not_asked else result.title
    line.append_text(safe_text(said, QUIET))
    return line


def _mark(result: CheckResult) -> tuple[str, str]:
    if result.not_asked:
        return UNASKED, WARN
    if not result.passed:
        return FAIL, BAD
    doubtful = any(finding.severity is Severity.WARNING for finding in result.findings)
    return (DOUBT, WARN) if doubtful else (PASS, OK)


def _tally(result: CheckResult) -> str:
    if not result.findings:
        return "" if result.not_asked else f"{result.seconds:.1f} s"
    return _counts(result.findings)


def _counts(findings: Sequence[Finding]) -> str:
    found = Counter(finding.severity for finding in findings)
    return ", ".join(count_text(found[each], each) for each in Severity if found[each])


def _closing(results: Sequence[CheckResult]) -> str:
    """Sum everything up; empty when there is nothing to sum up."""
    findings = [finding for result in results for finding in result.findings]
    unasked = sum(bool(result.not_asked) for result in results)
    if not findings and not unasked:
        return ""
    counts = _counts(findings)
    if not any(finding.severity is Severity.ERROR for finding in findings):
        counts = ", ".join(filter(None, ("0 errors", counts)))
    return f"{counts}, {count_text(unasked, 'check')} not asked" if unasked else counts


def _kinds(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Gather findings that differ only in what they are about, in the order of the first ones."""
    kinds: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        alike = number if finding.single else (finding.severity, finding.why, finding.fix)
        kinds.setdefault(alike, []).append(finding)
    return list(kinds.values())


def _kind(result: CheckResult, kind: Sequence[Finding], below: Path) -> Iterator[RenderableType]:
    """Draw findings of one kind: what is common to them is said once, after the last."""
    for finding in kind[:MOST_OF_A_KIND]:
        head = safe_text(f"{finding.severity.value} ", _STYLES[finding.severity])
        head.append_text(safe_text(result.check, STRONG))
        if finding.path is not None:
            head.append_text(safe_text(f"  {_place(finding, below)}"))
        yield indented(head, 2)
        yield indented(safe_text(finding.message), 4)
        if finding.detail and len(kind) > 1:
            yield Verbatim([(line, QUIET) for line in finding.detail.splitlines()], indent=6)
    if len(kind) > MOST_OF_A_KIND:
        more = len(kind) - MOST_OF_A_KIND
        yield indented(safe_text(f"… and {more} more of this kind (all of them: --json)"), 4)
    yield indented(safe_text(kind[0].why, QUIET), 4)
    yield indented(safe_text(f"{POINTER} {kind[0].fix}"), 4)
    if kind[0].detail and len(kind) == 1:
        yield Verbatim([(line, QUIET) for line in kind[0].detail.splitlines()], indent=6)


def _place(finding: Finding, below: Path) -> str:
    assert finding.path is not None
    near = finding.path.is_relative_to(below)
    path = finding.path.relative_to(below) if near else finding.path
    return f"{path}:{finding.line}" if finding.line else str(path)
