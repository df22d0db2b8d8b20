"""Makes the skeleton that a candidate starts from: a solution's signatures and docstrings."""

from __future__ import annotations

import ast
from collections.abc import Collection

from harness.importing.found_solutions import inherited, qualified
from harness.importing.source import Definition
from harness.model.manifest import Symbols

Function = ast.FunctionDef | ast.AsyncFunctionDef

_FUTURE = "from __future__ import annotations"


def make_skeleton(solution: str, symbols: Symbols, properties: Collection[str] = ()) -> str:
    """Return the skeleton of level 1.

    ``solution``: its text; ``symbols``: what the level adds; ``properties``: as ``Class.name``.
    """
    tree = ast.parse(solution)
    names = inherited({*qualified(symbols), *properties}, {n.name: n for n in _definitions(tree)})
    kept = [_stub(node, names) for node in _definitions(tree) if node.name in names]
    needed = _names_in(kept)
    before = [node for node in tree.body if _is_needed(node, needed)]
    # What the values of those constants need.
    needed |= _names_in(before)
    before = [node for node in tree.body if _is_needed(node, needed)]
    docstring = ast.get_docstring(tree)
    parts = [f'"""{docstring}"""' if docstring and '"""' not in docstring else ""]
    # A constant may be made of a class above it: `Kinds = Kind`.
    first = min((node.lineno for node in kept), default=0)
    above = [n for n in before if isinstance(n, ast.Import | ast.ImportFrom) or n.lineno < first]
    parts += [_FUTURE, "\n".join(ast.unparse(node) for node in above)]
    head = "\n\n".join(part for part in parts if part)
    below = [*kept, *(node for node in before if node not in above)]
    code = {node.lineno: _spaced(node) for node in below}
    return "\n\n\n".join([head, *(code[line] for line in sorted(code))]) + "\n"


def signature_of(node: Definition) -> str:
    """Return the first line of a function as a statement shows it, without ``def`` and ``self``."""
    if isinstance(node, ast.ClassDef):
        init = next(
            (p for p in node.body if isinstance(p, Function) and p.name == "__init__"), None
        )
        if init:
            return signature_of(init).replace("__init__", node.name, 1)
        marks = {
            n.id for mark in node.decorator_list for n in ast.walk(mark) if isinstance(n, ast.Name)
        }
        fields = [ast.unparse(part) for part in node.body if isinstance(part, ast.AnnAssign)]
        return f"{node.name}({', '.join(fields) if 'dataclass' in marks else ''})"
    arguments = ast.unparse(node.args)
    first, _, rest = arguments.partition(", ")
    if first in ("self", "cls"):
        arguments = rest
    answer = f" -> {ast.unparse(node.returns)}" if node.returns and node.name != "__init__" else ""
    return f"{node.name}({arguments}){answer}"


def _definitions(tree: ast.Module) -> list[Definition]:
    return [node for node in tree.body if isinstance(node, Definition)]


def _stub(node: Definition, names: Collection[str]) -> Definition:
    """Return a definition without its code."""
    if not isinstance(node, ast.ClassDef):
        return _stub_function(node)
    body: list[ast.stmt] = []
    for part in node.body:
        if isinstance(part, Function):
            takes_more = part.name == "__init__" and ast.unparse(part.args) != "self"
            if takes_more or f"{node.name}.{part.name}" in names:
                body.append(_stub_function(part))
        elif isinstance(part, ast.AnnAssign | ast.Assign) and not _is_private(part):
            body.append(part)
    docstring = _docstring(node)
    stub = ast.ClassDef(
        name=node.name,
        bases=node.bases,
        keywords=node.keywords,
        body=[*docstring, *body] or [ast.Pass()],
        decorator_list=node.decorator_list,
    )
    return ast.copy_location(stub, node)


def _stub_function(node: Function) -> Function:
    left_out = ast.parse("raise NotImplementedError").body
    node.body = [*_docstring(node), *left_out]
    return node


def _docstring(node: Definition) -> list[ast.stmt]:
    return [] if ast.get_docstring(node) is None else node.body[:1]


def _is_private(node: ast.AnnAssign | ast.Assign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(t, ast.Name) and t.id.startswith("_") for t in targets)


def _is_needed(node: ast.stmt, names: Collection[str]) -> bool:
    """Whether a statement at the top sets a name that the skeleton uses."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            return False
        return any((a.asname or a.name).partition(".")[0] in names for a in node.names)
    if isinstance(node, ast.Assign):
        return any(isinstance(t, ast.Name) and t.id in names for t in node.targets)
    return False


def _names_in(nodes: Collection[ast.AST]) -> set[str]:
    return {n.id for each in nodes for n in ast.walk(each) if isinstance(n, ast.Name)}


def _spaced(node: ast.stmt) -> str:
    """Return a statement as text, with an empty line before each method."""
    ast.fix_missing_locations(node)
    lines = ast.unparse(node).split("\n")
    spaced: list[str] = []
    for line in lines:
        starts = line.startswith(("    def ", "    async def ", "    @"))
        if starts and spaced and not spaced[-1].startswith("    @") and spaced[-1].strip():
            spaced.append("")
        spaced.append(line)
    return "\n".join(spaced)
