"""Merges files that tests import side by side: a problem has one solution module."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath

from harness.importing.source import Module, Notes, tidy
from harness.importing.spelling import imported, resolve

Import = ast.Import | ast.ImportFrom


def merge(parts: Collection[Module], notes: Notes) -> Module:
    """Return the files of a solution as one, those first that others import.

    ``notes`` receive what cannot be merged automatically.
    """
    order = _order(parts)
    futures: list[str] = []
    bodies: list[str] = []
    for part in order:
        text = _without_imports(part, order, futures, notes)
        bodies.append(text)
    _note_duplicates(order, notes)
    text = tidy("\n\n\n".join([*futures, *(body.strip("\n") for body in bodies)]))
    package = next((name for part in order for name in part.handed_on_by if name), ())
    path = PurePosixPath(f"{package[-1]}.py") if package else order[-1].path
    names = ", ".join(f"`{part.path}`" for part in order)
    notes.note(f"The tests import {names}; they are merged into `{path.name}`.")
    return Module(path, text, ast.parse(text))


def _order(parts: Collection[Module]) -> list[Module]:
    below = {part: [m for m in imported(part, parts) if m is not part] for part in parts}
    try:
        return list(TopologicalSorter(below).static_order())
    except CycleError:
        return list(parts)


def _without_imports(
    part: Module, parts: Sequence[Module], futures: list[str], notes: Notes
) -> str:
    """Return the text of ``part`` without its imports of the others."""
    lines = part.text.split("\n")
    nodes = [node for node in ast.walk(part.tree) if isinstance(node, Import)]
    for node in sorted(nodes, key=lambda n: n.lineno, reverse=True):
        from_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        instead = [] if from_future else _instead(node, part, parts, notes)
        if from_future and ast.unparse(node) not in futures:
            futures.append(ast.unparse(node))
        if instead is not None:
            indent = " " * node.col_offset
            instead = instead or (["pass"] if indent else [])
            lines[node.lineno - 1 : node.end_lineno] = [indent + line for line in instead]
    return "\n".join(lines)


def _instead(node: Import, part: Module, parts: Sequence[Module], notes: Notes) -> list[str] | None:
    """Return the replacement for an import of another part; None for any other import."""
    around = node.module.split(".") if isinstance(node, ast.ImportFrom) and node.module else []
    if around and resolve(around, part, parts) is not None:
        renamed = [(a.asname, a.name) for a in node.names if a.asname not in (None, a.name)]
        return [f"{bound} = {name}" for bound, name in renamed]
    for alias in node.names:
        dotted = [*around, *alias.name.split(".")]
        if resolve(dotted, part, parts) is not None:
            notes.ask(
                f"`{part.path}:{node.lineno}`: `{ast.unparse(node)}` names a file that was "
                "merged into the solution. Use its names without the module's."
            )
    return None


def _note_duplicates(parts: Sequence[Module], notes: Notes) -> None:
    seen: dict[str, Module] = {}
    for part in parts:
        for name in part.definitions:
            if name in seen:
                notes.ask(
                    f"`{part.path}` and `{seen[name].path}` both define {name}, and "
                    "are one file here. Rename one of them."
                )
            seen[name] = part
