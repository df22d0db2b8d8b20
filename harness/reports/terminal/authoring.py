"""Draws what ``harness author`` shows: what checks found, and a problem as a candidate gets it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import RenderableType

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
    Prose,
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
    return Page(*_examination(results, below))


def _examination(results: Sequence[CheckResult], below: Path) -> Iterator[RenderableType]:
    yield safe_text(results[0].slug, STRONG)
    for result in results:
        yield indented(_row(result), 2)
    for result in results:
        for kind in _kinds(result.findings):
            yield safe_text("")
            yield from _kind(result, kind, below)
    findings = [finding for result in results for finding in result.findings]
    unasked = sum(bool(result.not_asked) for result in results)
    if findings or unasked:
        has_errors = any(finding.severity is Severity.ERROR for finding in findings)
        counts = ["" if has_errors else "0 errors", _counts(findings)]
        counts.append(f"{count_text(unasked, 'check')} not asked" if unasked else "")
        yield safe_text("")
        yield indented(safe_text(", ".join(filter(None, counts)), STRONG), 2)


def _row(result: CheckResult) -> RenderableType:
    """Draw a check: its mark, its name, what it says, the number of findings and its time."""
    mark, style, said = PASS, OK, result.title
    if result.not_asked:
        mark, style, said = UNASKED, WARN, f"not asked: {result.not_asked}"
    elif not result.passed:
        mark, style = FAIL, BAD
    elif any(finding.severity is Severity.WARNING for finding in result.findings):
        mark, style = DOUBT, WARN
    line = safe_text(mark, style)
    line.append_text(safe_text(f" {result.check:<13} "))
    line.append_text(safe_text(said, QUIET))
    seconds = "" if result.not_asked else f"{result.seconds:.1f} s"
    figures = ", ".join(filter(None, (_counts(result.findings), seconds)))
    return edges(line, safe_text(figures, QUIET))


def _counts(findings: Sequence[Finding]) -> str:
    found = Counter(finding.severity for finding in findings)
    return ", ".join(count_text(found[each], each) for each in Severity if found[each])


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
        path = finding.path
        if path is not None:
            path = path.relative_to(below) if path.is_relative_to(below) else path
            head.append_text(safe_text(f"  {path}:{finding.line}" if finding.line else f"  {path}"))
        yield indented(head, 2)
        yield indented(safe_text(finding.message), 4)
        if len(kind) > 1:
            yield from _detail(finding)
    if len(kind) > MOST_OF_A_KIND:
        more = len(kind) - MOST_OF_A_KIND
        yield indented(safe_text(f"… and {more} more of this kind (all of them: --json)"), 4)
    yield indented(safe_text(kind[0].why, QUIET), 4)
    yield indented(safe_text(f"{POINTER} {kind[0].fix}"), 4)
    if len(kind) == 1:
        yield from _detail(kind[0])


def _detail(finding: Finding) -> Iterator[RenderableType]:
    if finding.detail:
        yield Verbatim([(line, QUIET) for line in finding.detail.splitlines()], indent=6)


def render_preview(view: Mapping[str, Any]) -> Page:
    """Draw what comes at the start, then each level. ``view``: the document of the command."""
    return Page(*_preview(view))


def _preview(view: Mapping[str, Any]) -> Iterator[RenderableType]:
    size = f"{count_text(len(view['summaries']), 'level')} · {view['minutes']} min"
    yield edges(safe_text(f"{view['slug']}  {view['title']}", STRONG), safe_text(size, QUIET))
    yield indented(safe_text(view["summary"], QUIET), 2)
    limits = view["limits"]
    yield from _listed(
        "Limits of a case",
        [
            f"{limits['wall_seconds']:g} s, of which {limits['cpu_seconds']} s of the processor",
            f"{limits['memory_mb']} MB of memory, {limits['output_kb']} kB of output",
        ],
    )
    yield from _listed("In the workspace from the start", view["files"])
    yield from _listed(
        "Seen from the start",
        [f"{number}  {text}" for number, text in enumerate(view["summaries"], start=1)],
    )
    for level in view["levels"]:
        prize = f"{level['points']} points and {level['bonus']} for all · {level['minutes']} min"
        head = f"── Level {level['number']} of {len(view['summaries'])}: {level['title']}"
        yield safe_text("")
        yield edges(safe_text(head, STRONG), safe_text(prize, QUIET))
        yield safe_text("")
        yield Prose(level["statement"])
        yield from _listed("Comes into the workspace", level["files"])
        yield from _listed("Visible cases", [case["title"] for case in level["visible"]])
        yield from _listed("Hidden cases", [count_text(level["hidden_cases"], "case")])
        yield from _listed("Hints, when asked for", level["hints"] or ["none"])


def _listed(title: str, lines: Sequence[str]) -> Iterator[RenderableType]:
    yield safe_text("")
    yield safe_text(title, STRONG)
    for line in lines:
        yield indented(safe_text(line), 2)
