"""The suites of a problem, read as syntax: which cases there are, and what they cite."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from pathlib import Path

from harness.errors import PackError
from harness.model.finding import Finding, Severity
from harness.model.frozen import frozen
from harness.model.judgement import Suite
from harness.model.problem import Problem
from harness.model.rules import CITATION, Citation, citation_of, citations_in

_LINE_LENGTH = 100
"""Of citations that are written anew."""
_WITH_LINES_BEFORE = re.compile(rf"(?:\n[ \t]*)+{CITATION.pattern[1:]}")

_SET_UPS = frozenset(
    {"setUp", "asyncSetUp", "setUpClass", "setUpModule"}
    | {"setup_method", "setup_class", "setup_module", "setup_function"}
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@frozen
class CaseSource:
    """One test function, whatever parameters it runs with."""

    name: str
    """As outcomes call it: ``test_ties``, or ``TestTies::test_one``."""
    node: Function
    source: SuiteSource

    def __str__(self) -> str:
        return f"{self.name} (level {self.source.level}, {self.source.suite})"

    @property
    def line(self) -> int:
        """The line of ``def``."""
        return self.node.lineno

    @property
    def title(self) -> str:
        """The first line of the docstring; empty when there is none."""
        return next(iter((ast.get_docstring(self.node) or "").splitlines()), "")

    @property
    def docstring(self) -> str:
        """As it is written; empty when there is none."""
        return ast.get_docstring(self.node, clean=False) or ""

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """The rules that it rests on."""
        return citations_in(ast.get_docstring(self.node) or "")

    def finding(
        self, message: str, why: str, fix: str, severity: Severity = Severity.ERROR
    ) -> Finding:
        """Return a finding about this case."""
        return self.source.finding(self.line, message, why, fix, severity)


@frozen
class SuiteSource:
    """One suite of one level."""

    level: int
    suite: Suite
    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The whole file. Raises PackError when it is not Python."""
        try:
            return ast.parse(self.text)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            raise PackError(
                f"{self.path}:{line} is not Python: {error}", "Fix it, and check again."
            ) from None

    @cached_property
    def cases(self) -> tuple[CaseSource, ...]:
        """The test functions, in their order."""
        return tuple(self._cases(self.tree.body))

    def _cases(self, body: list[ast.stmt], prefix: str = "") -> Iterator[CaseSource]:
        for node in body:
            if isinstance(node, Function) and node.name.startswith("test"):
                yield CaseSource(prefix + node.name, node, self)
            elif isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                if node.name.startswith("Test") or "TestCase" in bases:
                    yield from self._cases(node.body, f"{prefix}{node.name}::")

    def finding(
        self,
        line: int | None,
        message: str,
        why: str,
        fix: str,
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        """Return a finding about a line of this suite."""
        return Finding(
            message=message,
            why=why,
            fix=fix,
            path=self.path,
            line=line,
            level=self.level,
            severity=severity,
        )


def suites_of(problem: Problem) -> list[SuiteSource]:
    """Read the visible and hidden suites of all levels."""
    levels = range(1, problem.level_count + 1)
    return [read_suite(problem, level, suite) for level in levels for suite in Suite]


def read_suite(problem: Problem, level: int, suite: Suite) -> SuiteSource:
    """Read one suite."""
    path = problem.suite_path(level, suite)
    return SuiteSource(level, suite, path, path.read_text(encoding="utf-8-sig"))


def users_of(source: SuiteSource, names: Collection[str]) -> list[str]:
    """Return the cases that use one of ``names``, themselves or by way of other code.

    Cases use what their class sets up, and what a fixture does that is used without being named.
    """
    wanted = set(names)
    parts = [n for n in source.tree.body if isinstance(n, Function | ast.ClassDef | ast.Assign)]
    methods = {
        method: part.name
        for part in parts
        if isinstance(part, ast.ClassDef)
        for method in part.body
        if isinstance(method, Function)
    }
    while True:
        users = [part for part in (*parts, *methods) if _mentions(part, wanted)]
        more = {name for part in users for name in _bound_by(part)} - wanted
        if not more:
            break
        wanted |= more
    # Of a method the name of its class, of a fixture of the module none: the classes of users.
    around = {
        methods.get(part) for part in users if isinstance(part, Function) and _is_set_up(part)
    }
    return [
        case.name
        for case in source.cases
        if None in around or case.name.rpartition("::")[0] in around or _mentions(case.node, wanted)
    ]


def _is_set_up(function: Function) -> bool:
    """Return whether cases around a function use it without naming it."""
    marks = map(ast.unparse, function.decorator_list)
    return function.name in _SET_UPS or any("autouse=True" in mark for mark in marks)


def _bound_by(part: ast.stmt) -> list[str]:
    if isinstance(part, ast.Assign):
        return [each.id for each in part.targets if isinstance(each, ast.Name)]
    return [part.name] if isinstance(part, Function | ast.ClassDef) else []


def _mentions(part: ast.AST, names: Collection[str]) -> bool:
    return any(_named_by(node) in names for node in ast.walk(part))


def _named_by(node: ast.AST) -> str:
    """Return a name, an argument, or an attribute of self; empty for other code."""
    match node:
        case ast.Name(id=name) | ast.arg(arg=name):
            return name
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name
    return ""


def cases_of(problem: Problem) -> list[CaseSource]:
    """Read all cases of all levels, the visible ones of a level first."""
    return [case for source in suites_of(problem) for case in source.cases]


def names_defined_by(source: bytes) -> set[str]:
    """Return the functions, classes, methods and attributes that a module defines; private too."""
    try:
        return defined_in(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        return set()


def defined_in(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the functions, classes, methods and attributes that some code defines."""
    found = set()
    for node in nodes:
        if isinstance(node, Function | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
    return found


def without_citations(suite: bytes) -> bytes:
    """Return the source of a suite as it would be if its cases cited nothing.

    A suite that is not Python is returned as it is.
    """
    try:
        return _edit_docstrings(suite, _without)
    except (SyntaxError, ValueError):
        return suite


def _without(docstring: str, indent: str, line: int) -> str:
    shorter = _WITH_LINES_BEFORE.sub("", docstring)
    only_a_title = shorter != docstring and "\n" not in shorter.strip()
    return shorter.rstrip() if only_a_title else shorter


def requote(suite: bytes, change: Callable[[int, Citation], Citation]) -> bytes:
    """Return the source of a suite with other citations; those that stay keep their lines.

    ``change`` gets the line of the case's ``def`` and what it cites.
    Raises SyntaxError or ValueError when the suite is not Python.
    """

    def edit(docstring: str, indent: str, line: int) -> str:
        def replace(found: re.Match[str]) -> str:
            before = citation_of(found)
            after = change(line, before)
            return found[0] if after == before else _written(after, indent)

        return CITATION.sub(replace, docstring)

    return _edit_docstrings(suite, edit)


def _edit_docstrings(suite: bytes, edit: Callable[[str, str, int], str]) -> bytes:
    """Apply ``edit`` to the docstring of each function: its text, its indent and the line of def.

    Raises SyntaxError or ValueError when the suite is not Python.
    """
    lines = suite.splitlines(keepends=True)
    for node in ast.walk(ast.parse(suite)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node):
            literal = node.body[0]
            first, last = literal.lineno - 1, (literal.end_lineno or literal.lineno) - 1
            text = b"".join(lines[first : last + 1]).decode(errors="surrogateescape")
            end = max(text.rfind('"""'), text.rfind("'''"))
            if end >= 0:
                text = edit(text[:end], " " * literal.col_offset, node.lineno) + text[end:]
            # The list keeps its length, so that the line numbers of the others hold.
            empty = [b""] * (last - first)
            lines[first : last + 1] = [text.encode(errors="surrogateescape"), *empty]
    return b"".join(lines)


def _written(citation: Citation, indent: str) -> str:
    heading = f" ({citation.heading})" if citation.heading else ""
    return textwrap.fill(
        f"Rule{heading}: {citation.text}",
        _LINE_LENGTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
