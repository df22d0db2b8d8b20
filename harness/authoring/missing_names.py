"""Names that a manifest declares and a solution's module lacks."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence

from harness.model.manifest import Manifest
from harness.model.problem import Snapshot

_HIDES = frozenset({"globals", "vars", "exec", "eval", "setattr", "__getattr__", "*"})
"""With one of these a module can have names that its text does not show."""


def missing_names(solution: Snapshot, manifest: Manifest, upto: int) -> dict[str, int]:
    """Return the missing functions, classes, methods and exceptions of levels 1 to ``upto``.

    With the level that brings each. Empty for a module that cannot be read, or may make names; a
    class with an unknown base or decorator may have any method.
    """
    source = solution.files.get(f"{manifest.module}.py")
    try:
        tree = ast.parse(source or b"")
    except (SyntaxError, ValueError):
        return {}
    mentioned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    bound = set(_bound(tree.body))
    if source is None or _HIDES & (mentioned | bound):
        return {}
    missing: dict[str, int] = {}
    for level, spec in enumerate(manifest.levels[:upto], start=1):
        symbols = spec.symbols
        for name in (*symbols.functions, *symbols.classes, *symbols.exceptions):
            if name not in bound:
                missing.setdefault(name, level)
        for name, methods in symbols.classes.items():
            members = _members(name, tree)
            for method in methods:
                if members is not None and method not in members:
                    missing.setdefault(f"{name}.{method}", level)
    return missing


def _members(name: str, tree: ast.Module, below: frozenset[str] = frozenset()) -> set[str] | None:
    """Return what a class of the module has; None when it cannot be read from the code.

    ``below``: classes that derive from it, as far as they were met on the way.
    """
    classes = [n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == name]
    if len(classes) != 1 or classes[0].decorator_list or name in below:
        return None
    node = classes[0]
    found = {*_bound(node.body), *dir(object)}
    found |= {
        each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)
    }
    for base in node.bases:
        inherited = None
        if isinstance(base, ast.Name):
            inherited = _members(base.id, tree, below | {name})
            builtin = getattr(builtins, base.id, None)
            if inherited is None and isinstance(builtin, type):
                inherited = set(dir(builtin))
        if inherited is None:
            return None
        found |= inherited
    return None if node.keywords or "__getattr__" in found else found


def _bound(body: Sequence[ast.stmt]) -> Iterator[str]:
    """Yield the names that statements bind, those within ``if``, ``try`` and the like, too."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        else:
            for each in ast.walk(node):
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                    yield each.id
            for part in ("body", "orelse", "finalbody"):
                yield from _bound(getattr(node, part, []))
            for handler in getattr(node, "handlers", []):
                yield from _bound(handler.body)
