"""Small believable mistakes in a right solution: what a suite must notice.

The operators are the classic ones (relational, arithmetic and logical operators and constants
replaced, statements left out; A. J. Offutt et al., "An Experimental Determination of Sufficient
Mutant Operators", ACM TOSEM 5(2), 1996), plus those of a language with ``min``, ``any`` and
conditional expressions. A mutant differs from the source in one place, and nowhere in its layout.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from harness.authoring.mistakes import Edit, edits_between
from harness.model.frozen import frozen
from harness.model.problem import Snapshot

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
_METHODS = {
    "bisect_left": "bisect_right",
    "bisect_right": "bisect_left",
    "popleft": "pop",
    "startswith": "endswith",
}


@frozen
class _Change:
    operator: str
    node: ast.stmt | ast.expr
    text: str
    """What stands in place of the node."""


def mutants(reference: Snapshot, level: int) -> list[Edit]:
    """Return all mutants of the reference of ``level``, each text once.

    ``why`` of each is its operator. Raises SyntaxError.
    """
    edits = []
    for name, content in reference.files.items():
        source = content.decode("utf-8")
        lines = source.splitlines(keepends=True)
        seen = {source}
        for node in _code(ast.parse(source)):
            for change in _changes(node):
                text = _apply(change, lines)
                if text is None or text in seen:
                    continue
                seen.add(text)
                solution = Snapshot(files={**reference.files, name: text.encode()})
                replacements = edits_between(reference, solution)
                edits.append(Edit(level=level, replacements=replacements, why=change.operator))
    return edits


def _apply(change: _Change, lines: list[str]) -> str | None:
    """Put the change into the text; None when the result is not Python."""
    node = change.node
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    first, last = node.lineno - 1, node.end_lineno - 1
    # Offsets of the syntax tree count bytes.
    head = lines[first].encode()[: node.col_offset].decode()
    tail = lines[last].encode()[node.end_col_offset :].decode()
    source = "".join([*lines[:first], head + change.text + tail, *lines[last + 1 :]])
    try:
        compile(source, "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return None
    return source


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what does something: no annotations, docstrings, or words of an error."""
    yield node
    if isinstance(node, ast.Raise):
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _only_words(child):
                yield from _code(child)


def _only_words(node: ast.AST) -> bool:
    """Find docstrings and other strings that stand alone, texts put together, and imports."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.keyword):
        return node.arg == "strict"  # a safety check that correct code never trips
    return isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom)


def _changes(node: ast.AST) -> Iterator[_Change]:
    if isinstance(node, ast.expr):
        yield from _of_expression(node)
    if isinstance(node, ast.Expr | ast.AugAssign | ast.Delete):
        yield _Change("statement left out", node, "pass")
    elif isinstance(node, ast.Assign):
        if not all(isinstance(target, ast.Name) for target in node.targets):
            yield _Change("statement left out", node, "pass")
    elif isinstance(node, ast.Raise):
        yield _Change("statement left out", node, "pass")
    elif isinstance(node, ast.Return):
        if node.value is not None and ast.unparse(node.value) != "None":
            yield _Change("nothing returned", node, "return None")
    elif isinstance(node, ast.Break):
        yield _Change("break and continue", node, "continue")
    elif isinstance(node, ast.Continue):
        yield _Change("break and continue", node, "break")
    elif isinstance(node, ast.If | ast.While):
        if isinstance(node, ast.If):
            yield _Change("condition always holds", node.test, "True")
        if not (isinstance(node.test, ast.Constant) and node.test.value is True):
            yield _Change("condition never holds", node.test, "False")
    if isinstance(node, ast.AugAssign):
        other = _ARITHMETIC.get(type(node.op))
        if other is not None:
            yield _Change("arithmetic", node, _unparsed(node, op=other()))


def _of_expression(node: ast.expr) -> Iterator[_Change]:
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            for other in _COMPARISONS[type(operator)]:
                ops = [*node.ops[:index], other(), *node.ops[index + 1 :]]
                yield _Change("comparison", node, _unparsed(node, ops=ops))
    elif isinstance(node, ast.BinOp):
        instead = _ARITHMETIC.get(type(node.op))
        if instead is not None and not _is_text(node):
            yield _Change("arithmetic", node, _unparsed(node, op=instead()))
    elif isinstance(node, ast.BoolOp):
        swapped = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield _Change("and, or", node, f"({_unparsed(node, op=swapped)})")
    elif isinstance(node, ast.UnaryOp):
        yield _Change("sign or not left out", node, f"({ast.unparse(node.operand)})")
    elif isinstance(node, ast.IfExp):
        yield _Change("condition always holds", node, f"({ast.unparse(node.body)})")
        yield _Change("condition never holds", node, f"({ast.unparse(node.orelse)})")
    elif isinstance(node, ast.Constant):
        for text in _other_constants(node.value):
            yield _Change("constant", node, text)
    elif isinstance(node, ast.Name) and node.id in _NAMES:
        yield _Change("another function", node, _NAMES[node.id])
    elif isinstance(node, ast.Attribute) and node.attr in _METHODS:
        yield _Change("another function", node, _unparsed(node, attr=_METHODS[node.attr]))


def _other_constants(value: object) -> Iterator[str]:
    if isinstance(value, bool):
        yield str(not value)
    elif isinstance(value, int):
        yield str(value + 1)
        if value > 0:
            yield str(value - 1)
    elif isinstance(value, float):
        yield repr(value + 1)
    elif isinstance(value, str):
        yield repr(value + "~")


def _unparsed(node: ast.AST, **changed: object) -> str:
    other = copy.copy(node)
    for name, value in changed.items():
        setattr(other, name, value)
    return ast.unparse(other)


def _is_text(node: ast.BinOp) -> bool:
    """Find additions of texts, of which a subtraction would only crash."""
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )
