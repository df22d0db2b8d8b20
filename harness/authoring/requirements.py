"""What a suite requires a candidate to know: names, arguments, errors and their texts.

Read from the suite's syntax alone. What a suite makes up itself (an exception that it raises from
a callback, a text that it passes in) is not required.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from enum import StrEnum
from itertools import chain

from harness.authoring.suites import Function, SuiteSource
from harness.model.frozen import frozen

_RAISES = frozenset({"raises", "assertRaises", "assertRaisesRegex"})
_LITERAL = ast.Constant | ast.JoinedStr | ast.List | ast.Dict | ast.Set | ast.Tuple
_LARGEST_EXPONENT = 100
"""Beyond it a literal power is not worked out: no bound of a statement is as large."""


class RequirementKind(StrEnum):
    """What sort of thing is required."""

    NAME = "name"
    ATTRIBUTE = "attribute of an exception"
    ARGUMENT = "argument"
    EXCEPTION = "exception"
    MESSAGE = "error text"
    PATTERN = "pattern of an error text"


@frozen
class Requirement:
    """One thing that a line of a suite needs the candidate to know."""

    kind: RequirementKind
    text: str
    line: int


@frozen
class Argument:
    """A literal that a suite passes to the solution."""

    callee: str
    """The last name: ``erase`` of ``buffer.erase``."""
    place: int | str
    """Its position, or its keyword."""
    value: object
    line: int


class SuiteReading:
    """Reads one suite. ``known``: names that the solution has, whether a statement says them."""

    def __init__(self, source: SuiteSource, module: str, known: Collection[str]) -> None:
        self._tree = source.tree
        self._nodes = list(ast.walk(source.tree))
        self._module = module
        self._known = set(known) - _defined_in(self._nodes)
        imported = [node for node in self._nodes if isinstance(node, ast.Import)]
        self._modules = {
            alias.asname or alias.name.partition(".")[0]: alias.name == module
            for node in imported
            for alias in node.names
        }
        """Names of modules → whether it is the solution."""
        self._imported = {
            alias.asname or alias.name: node.lineno
            for node in self._nodes
            if isinstance(node, ast.ImportFrom) and node.module == module
            for alias in node.names
        }
        self._calls = [node for node in self._nodes if isinstance(node, ast.Call)]
        self._raises = [call for call in self._calls if last_name(call.func) in _RAISES]
        self._caught, self._errors = self._bound_errors()

    def requirements(self) -> list[Requirement]:
        """Return all requirements, each once with its first line."""
        found = chain(self._names(), self._exceptions(), self._messages())
        first: dict[tuple[RequirementKind, str], Requirement] = {}
        for each in sorted(found, key=lambda requirement: requirement.line):
            first.setdefault((each.kind, each.text), each)
        return list(first.values())

    def arguments(self) -> list[Argument]:
        """Return the numbers, texts and the like that calls of the solution pass."""
        found = []
        for call in self._calls_of_solution():
            starred = [n for n, each in enumerate(call.args) if isinstance(each, ast.Starred)]
            placed: list[tuple[int | str, ast.expr]] = [
                *enumerate(call.args[: min(starred, default=None)]),
                *((each.arg, each.value) for each in call.keywords if each.arg is not None),
            ]
            for place, node in placed:
                value = integer(node)
                if value is not None or isinstance(node, ast.Constant):
                    kept = value if value is not None else ast.literal_eval(node)
                    found.append(Argument(last_name(call.func), place, kept, node.lineno))
        return found

    def numbers(self) -> list[tuple[int, int]]:
        """Return the integers anywhere in arguments of the solution, each with its line."""
        found = []
        pending: list[ast.AST] = [
            argument
            for call in self._calls_of_solution()
            for argument in (*call.args, *(keyword.value for keyword in call.keywords))
        ]
        while pending:
            node = pending.pop()
            value = integer(node)
            if value is None:
                pending.extend(ast.iter_child_nodes(node))
            elif isinstance(node, ast.expr):
                found.append((value, node.lineno))
        return found

    def _calls_of_solution(self) -> Iterator[ast.Call]:
        for call in self._calls:
            imported = isinstance(call.func, ast.Name) and call.func.id in self._imported
            if imported or (isinstance(call.func, ast.Attribute) and self._is_name(call.func)):
                yield call

    def _is_name(self, node: ast.Attribute) -> bool:
        """Tell whether an attribute looks like one of the solution's."""
        if isinstance(node.value, ast.Name) and node.value.id in self._modules:
            return self._modules[node.value.id]
        is_own = isinstance(node.value, ast.Name) and node.value.id == "self"
        return node.attr in self._known and not is_own and not isinstance(node.value, _LITERAL)

    def _names(self) -> Iterator[Requirement]:
        for node in self._nodes:
            if isinstance(node, ast.ImportFrom) and node.module == self._module:
                for alias in node.names:
                    yield Requirement(RequirementKind.NAME, alias.name, node.lineno)
            elif isinstance(node, ast.Attribute) and not node.attr.startswith("__"):
                if self._is_error(node.value) and node.attr != "args":
                    yield Requirement(RequirementKind.ATTRIBUTE, node.attr, node.lineno)
                elif self._is_name(node):
                    yield Requirement(RequirementKind.NAME, node.attr, node.lineno)
        for call in self._calls_of_solution():
            for keyword in call.keywords:
                if keyword.arg is not None:
                    yield Requirement(RequirementKind.ARGUMENT, keyword.arg, keyword.value.lineno)

    def _exceptions(self) -> Iterator[Requirement]:
        raised_here = {node.name for node in self._nodes if isinstance(node, ast.ClassDef)}
        for node in self._nodes:
            if isinstance(node, ast.Raise) and node.exc is not None:
                made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                raised_here.add(last_name(made))
        for call in self._raises:
            for wanted in call.args[:1]:
                for each in wanted.elts if isinstance(wanted, ast.Tuple) else [wanted]:
                    name = last_name(each)
                    if name and name not in raised_here:
                        yield Requirement(RequirementKind.EXCEPTION, name, call.lineno)

    def _messages(self) -> Iterator[Requirement]:
        for call in self._raises:
            patterns = [keyword.value for keyword in call.keywords if keyword.arg == "match"]
            if last_name(call.func) == "assertRaisesRegex":
                patterns += call.args[1:2]
            for node in patterns:
                escaped = isinstance(node, ast.Call) and last_name(node.func) == "escape"
                for text, line in _texts(node):
                    yield Requirement(
                        RequirementKind.MESSAGE if escaped else RequirementKind.PATTERN, text, line
                    )
        for sides in self._compared():
            if any(self._is_text_of_error(side) for side in sides):
                for text, line in chain.from_iterable(map(_texts, sides)):
                    yield Requirement(RequirementKind.MESSAGE, text, line)

    def _compared(self) -> Iterator[list[ast.expr]]:
        """Yield the sides of comparisons that ask for something, also those of unittest."""
        for node in self._nodes:
            if isinstance(node, ast.Compare):
                if any(isinstance(op, ast.Eq | ast.In) for op in node.ops):
                    yield [node.left, *node.comparators]
            elif isinstance(node, ast.Call) and last_name(node.func) in {"assertEqual", "assertIn"}:
                yield node.args[:2]

    def _bound_errors(self) -> tuple[set[str], set[str]]:
        """Return the names that ``raises(…) as name`` and ``except … as name`` bind."""
        caught = {
            item.optional_vars.id
            for node in self._nodes
            if isinstance(node, ast.With)
            for item in node.items
            if item.context_expr in self._raises and isinstance(item.optional_vars, ast.Name)
        }
        errors = {n.name for n in self._nodes if isinstance(n, ast.ExceptHandler) and n.name}
        return caught, errors - caught

    def _is_error(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute) and node.attr in {"value", "exception"}:
            return isinstance(node.value, ast.Name) and node.value.id in self._caught
        return isinstance(node, ast.Name) and node.id in self._errors

    def _is_text_of_error(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Call) and last_name(node.func) in {"str", "repr"}:
            return any(self._is_error(argument) for argument in node.args)
        node = node.value if isinstance(node, ast.Subscript) else node
        is_args = isinstance(node, ast.Attribute) and node.attr == "args"
        return is_args and isinstance(node, ast.Attribute) and self._is_error(node.value)


def names_defined_by(source: bytes) -> set[str]:
    """Return the functions, classes, methods and attributes that a module defines; private too."""
    try:
        return _defined_in(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        return set()


def _defined_in(nodes: Collection[ast.AST] | Iterator[ast.AST]) -> set[str]:
    found = set()
    for node in nodes:
        if isinstance(node, Function | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
    return found


def integer(node: ast.AST) -> int | None:
    """Work out an integer literal, or a sum, product or power of such; None for all else."""
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value_of = integer(operand)
            return None if value_of is None else -value_of
        case ast.BinOp(left=left, op=op, right=right):
            one, other = integer(left), integer(right)
            return None if one is None or other is None else _work_out(op, one, other)
    return None


def _work_out(op: ast.operator, one: int, other: int) -> int | None:
    match op:
        case ast.Add():
            return one + other
        case ast.Sub():
            return one - other
        case ast.Mult():
            return one * other
        case ast.Pow() if 0 <= other <= _LARGEST_EXPONENT:
            return int(one**other)
    return None


def last_name(node: ast.AST) -> str:
    """Return ``raises`` of ``raises`` and of ``pytest.raises``; empty for other things."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _texts(node: ast.AST) -> Iterator[tuple[str, int]]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value, each.lineno
