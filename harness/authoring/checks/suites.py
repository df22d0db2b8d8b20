"""The suites can be used: they are Python, import only what they may, and can be collected."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from harness.authoring.examiner import Request
from harness.authoring.subject import Subject
from harness.authoring.suites import SuiteSource, suites_of
from harness.errors import BrokenSuiteError, JudgeError
from harness.model.finding import Check, Finding
from harness.model.judgement import Suite

_WHY = "No solution can be judged with it."


def suites(subject: Subject) -> Iterator[Finding]:
    """Every suite is Python with allowed imports, and the judge can collect it."""
    findings = [each for source in suites_of(subject.problem) for each in _source(subject, source)]
    yield from findings
    if not findings:
        yield from _collection(subject)


def _source(subject: Subject, source: SuiteSource) -> Iterator[Finding]:
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError) as error:
        yield Finding(
            message=f"The suite is not Python: {getattr(error, 'msg', error)}.",
            why=_WHY,
            fix="fix it",
            path=source.path,
            line=getattr(error, "lineno", None),
            level=source.level,
        )
        return
    allowed = {subject.problem.manifest.module, "pytest", *sys.stdlib_module_names}
    for module, line in _imported(tree):
        if module not in allowed:
            yield Finding(
                message=f"The suite imports {module or 'from its own folder'}; a suite imports "
                "only the solution, pytest and the standard library.",
                why="The judge runs each suite by itself, and a candidate gets a visible one "
                "alone.",
                fix="copy what is needed of it into the suite",
                path=source.path,
                line=line,
                level=source.level,
            )


def _imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the top-level packages that are imported; an empty name for relative imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition(".")[0], node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield "" if node.level else (node.module or "").partition(".")[0], node.lineno


def _collection(subject: Subject) -> Iterator[Finding]:
    solution = subject.references[subject.levels[-1]]
    try:
        for suite in Suite:
            subject.judge(Request(solution, tuple(subject.levels), suite))
    except JudgeError as error:
        broken = error if isinstance(error, BrokenSuiteError) else None
        yield Finding(
            message=error.message,
            why=_WHY,
            fix=error.hint or "fix it and run the check again",
            path=subject.problem.root / broken.file if broken else None,
            line=broken.line if broken else None,
        )


CHECKS = (
    Check(
        name="suites",
        title="the suites can be collected",
        run=suites,
        foundation=True,
    ),
)
