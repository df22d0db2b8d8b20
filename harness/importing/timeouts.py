"""Removes decorators for time limits from foreign tests: the judge limits each case."""

from __future__ import annotations

import ast

from harness.importing.source import Definition, tidy

LIBRARIES = frozenset(
    {"timeout_decorator", "wrapt_timeout_decorator", "timeout_function_decorator"}
)
"""Packages that do only this, and that the judge does not have."""


def without_timeouts(text: str) -> tuple[str, list[str]]:
    """Return ``text`` without such decorators and imports, and the libraries they came from."""
    tree = ast.parse(text)
    names: set[str] = set()
    doomed: list[ast.stmt | ast.expr] = []
    found: set[str] = set()
    for node in ast.walk(tree):
        library = _library(node)
        if library and isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
            doomed.append(node)
            found.add(library)
    for owner in ast.walk(tree) if names else []:
        for mark in owner.decorator_list if isinstance(owner, Definition) else []:
            function = mark.func if isinstance(mark, ast.Call) else mark
            if ast.unparse(function).partition(".")[0] in names:
                doomed.append(mark)
    if not doomed:
        return text, []
    gone = {n for each in doomed for n in range(each.lineno, (each.end_lineno or 0) + 1)}
    lines = enumerate(text.split("\n"), 1)
    return tidy("\n".join(line for number, line in lines if number not in gone)), sorted(found)


def _library(node: ast.AST) -> str:
    """Return the library that a statement imports, if it imports nothing else."""
    names: list[str] = []
    if isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    elif isinstance(node, ast.Import) and len(node.names) == 1:
        names = [node.names[0].name]
    name = names[0].partition(".")[0] if names else ""
    return name if name in LIBRARIES else ""
