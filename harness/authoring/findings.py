"""How checks write findings: short ways to say where something is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from harness.authoring.mistakes import MISTAKES_NAME, Edit, Kept, Naive, RowError, Uncited
from harness.authoring.subject import Subject
from harness.model.finding import Finding, Severity
from harness.model.judgement import CaseOutcome, Suite


def at_file(
    path: Path,
    message: str,
    why: str,
    fix: str,
    *,
    line: int | None = None,
    level: int | None = None,
    severity: Severity = Severity.ERROR,
    detail: str = "",
) -> Finding:
    """Return a finding about a file or a line of it."""
    return Finding(
        message=message,
        why=why,
        fix=fix,
        path=path,
        line=line,
        level=level,
        severity=severity,
        detail=detail,
    )


def at_case(
    subject: Subject,
    outcome: CaseOutcome,
    message: str,
    why: str,
    fix: str,
    *,
    suite: Suite = Suite.HIDDEN,
    severity: Severity = Severity.ERROR,
    detail: str = "",
) -> Finding:
    """Return a finding about a case, with the line where it begins."""
    path = subject.problem.suite_path(outcome.level, suite)
    return at_file(
        path,
        message,
        why,
        fix,
        line=line_of_case(path, outcome.case),
        level=outcome.level,
        severity=severity,
        detail=detail,
    )


def at_row(
    subject: Subject,
    row: Edit | Kept | Uncited | Naive | RowError,
    message: str,
    why: str,
    fix: str,
    *,
    severity: Severity = Severity.ERROR,
) -> Finding:
    """Return a finding about a row of ``mistakes.toml``."""
    path = subject.problem.root / MISTAKES_NAME
    level = getattr(row, "level", None)
    return at_file(path, message, why, fix, line=row.line, level=level, severity=severity)


def noting(subject: Subject, fact: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings; if there are none, note ``fact``, so that nothing is looked for again."""
    is_fact = True
    for finding in findings:
        is_fact = False
        yield finding
    if is_fact:
        subject.examiner.note(fact)


def line_of_case(path: Path, case: str) -> int | None:
    """Return the line of a case, such as ``level2::TestTies::test_one[3]``, in its suite."""
    name = case.partition("[")[0].rpartition("::")[2]
    text = path.read_text(encoding="utf-8")
    found = re.search(rf"^\s*(?:async\s+)?def\s+{re.escape(name)}\b", text, re.MULTILINE)
    return line_at(text, found.end()) if found else None


def line_at(text: str, place: int) -> int:
    """Return the line, counted from 1, of the character at ``place``."""
    return text.count("\n", 0, place) + 1


def some_of(names: Sequence[str]) -> str:
    """Return ``A, B and C``; of more than three the others as a number: ``… C and 2 more``."""
    shown = list(names[:3])
    if len(names) > 3:
        shown.append(f"{len(names) - 3} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
