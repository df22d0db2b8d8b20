"""Which of the names that a manifest promises a solution's module does not bind."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from harness.model.manifest import Manifest
from harness.model.snapshot import Snapshot

_HIDES = frozenset({"globals", "vars", "exec", "eval", "setattr", "__getattr__", "*"})
"""With one of these a module can have names that no reader of it sees."""


def missing_names(solution: Snapshot, manifest: Manifest, upto: int) -> dict[str, int]:
    """Return the functions, classes and exceptions of levels 1 to ``upto`` that are not there.

    With the level that brings each. Empty for a module that cannot be read, or may make names.
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
    return missing


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
