"""The suites can be used: they are Python, import only what they may, and can be collected."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from harness.authoring.outcomes import function_of
from harness.authoring.subject import Subject
from harness.authoring.suites import SuiteSource, suites_of
from harness.errors import JudgeError
from harness.model.finding import Check, Finding
from harness.model.judgement import Judgement, Suite

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
        judged = {suite: subject.judge(subject.request(solution, suite=suite)) for suite in Suite}
    except JudgeError as error:
        yield Finding(
            message=error.message,
            why=_WHY,
            fix=error.hint or "fix it and run the check again",
            path=subject.problem.root / error.suite if error.suite else None,
            line=error.line,
        )
        return
    for source in suites_of(subject.problem):
        yield from _never_run(source, judged[source.suite])


def _never_run(source: SuiteSource, judgement: Judgement) -> Iterator[Finding]:
    """Yield the functions of a suite that look like cases and were not collected."""
    run = {function_of(each).rpartition("::")[2] for each in judgement.of_level(source.level)}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name.startswith("test") and node.name not in run:
            yield Finding(
                message=f"{node.name} is never run.",
                why="pytest collects functions of the module, and of classes whose name begins "
                "with Test.",
                fix="move it there, or give it a name that does not begin with test",
                path=source.path,
                line=node.lineno,
                level=source.level,
            )


CHECKS = (
    Check(
        name="suites",
        title="the suites can be collected",
        run=suites,
        foundation=True,
    ),
)
