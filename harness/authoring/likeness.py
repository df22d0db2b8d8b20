"""Tells whether two cases are the same but for names, titles and layout."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping

from harness.authoring.suites import CaseSource, Function, SuiteSource


def likeness(source: SuiteSource, case: CaseSource) -> str:
    """Return a text that two cases share if they do the same, whatever their names are.

    Helpers, fixtures and constants of the suite that a case uses are part of it.
    """
    own = {name: node for node in source.tree.body for name in _bound(node)}
    parts = [_normal(case.node)]
    seen: set[str] = set()
    pending: list[ast.AST] = [case.node]
    while pending:
        for name in _used(pending.pop()):
            if name in own and name not in seen and own[name] is not case.node:
                seen.add(name)
                pending.append(own[name])
                parts.append(f"{name}: {_normal(own[name])}")
    return "\n".join([parts[0], *sorted(parts[1:])])


def _bound(node: ast.stmt) -> list[str]:
    """Return the names that a statement of the module binds."""
    if isinstance(node, Function | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return [each.id for t in targets for each in ast.walk(t) if isinstance(each, ast.Name)]
    return []


def _used(node: ast.AST) -> list[str]:
    """Return the names that a node mentions in the order of the text, arguments included."""
    names = []
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            names.append(each.id)
        elif isinstance(each, ast.arg):
            names.append(each.arg)  # a fixture
    return names


def _normal(node: ast.AST) -> str:
    """Dump a node without docstrings, and with its own names numbered."""
    plain = copy.deepcopy(node)
    for each in ast.walk(plain):
        if isinstance(each, Function | ast.ClassDef) and ast.get_docstring(each) is not None:
            each.body = each.body[1:] or [ast.Pass()]
    if isinstance(plain, Function):
        plain.name = "_"
    return ast.dump(_Numbering(_locals(plain)).visit(plain))


def _locals(node: ast.AST) -> Mapping[str, str]:
    """Return the names that a function binds → numbered ones. Parameters stay: fixtures."""
    if not isinstance(node, Function):
        return {}
    parameters = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
    bound: dict[str, str] = {}
    for each in ast.walk(node):
        name = "" if each is node else _binds(each)
        if name and name not in parameters:
            bound.setdefault(name, f"_{len(bound)}")
    return bound


def _binds(node: ast.AST) -> str:
    """Return the name that a part of a function binds; empty when it binds none."""
    if isinstance(node, ast.Name):
        return node.id if isinstance(node.ctx, ast.Store) else ""
    if isinstance(node, ast.ExceptHandler | Function):
        return node.name or ""
    return ""


class _Numbering(ast.NodeTransformer):
    def __init__(self, numbered: Mapping[str, str]) -> None:
        self._numbered = numbered

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._numbered.get(node.id, node.id)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = self._numbered.get(node.name or "", node.name)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self._numbered.get(node.name, node.name)
        return self.generic_visit(node)
