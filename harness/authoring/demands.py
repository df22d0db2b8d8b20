"""What a suite takes for granted: names, errors, texts and numbers that a candidate must know.

Read from the suite's syntax alone. What a suite makes up itself (an exception that it raises from
a callback, a text that it passes in) is no demand.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import chain

from harness.authoring.bounds import Argument
from harness.authoring.instances import Function, Instances
from harness.authoring.suites import SuiteSource
from harness.model.frozen import frozen

_RAISES = frozenset({"raises", "assertRaises", "assertRaisesRegex"})
_LARGEST_EXPONENT = 100
"""Beyond it a literal power is not worked out: no bound of a statement is as large."""


class Kind(StrEnum):
    """What sort of thing is demanded."""

    NAME = "name"
    ATTRIBUTE = "attribute of an exception"
    ARGUMENT = "argument"
    EXCEPTION = "exception"
    MESSAGE = "error text"
    PATTERN = "pattern of an error text"
    ANSWER = "answer"


@frozen
class Demand:
    """One thing that a line of a suite needs the candidate to know."""

    kind: Kind
    text: str
    line: int


@frozen
class Number:
    """An integer of a suite, worked out if it is a power or a sum."""

    value: int
    line: int
    passed: bool
    """Whether it stands in the arguments of a call of the solution."""


class Reading:
    """Reads one suite. ``declared``: all names of the manifest, of whatever level."""

    def __init__(self, source: SuiteSource, module: str, declared: Collection[str]) -> None:
        self._tree = source.tree
        self._module = module
        self._declared = declared
        self._nodes = list(ast.walk(source.tree))

    def demands(self) -> list[Demand]:
        """Return all demands, each once with its first line."""
        found = chain(
            self._names(),
            self._arguments(),
            self._exceptions(),
            self._attributes(),
            self._messages(),
            self._answers(),
        )
        first: dict[tuple[Kind, str], Demand] = {}
        for demand in sorted(found, key=lambda each: each.line):
            first.setdefault((demand.kind, demand.text), demand)
        return list(first.values())

    def numbers(self) -> list[Number]:
        """Return all integers."""
        passed = {
            id(node)
            for call in self._calls
            for argument in [*call.args, *(k.value for k in call.keywords)]
            for node in ast.walk(argument)
        }
        found = []
        pending: list[ast.AST] = [self._tree]
        while pending:
            node = pending.pop()
            value = integer(node)
            if value is None:
                pending.extend(ast.iter_child_nodes(node))
            elif isinstance(node, ast.expr):
                found.append(Number(value, node.lineno, id(node) in passed))
        return found

    def arguments(self) -> list[Argument]:
        """Return the integers that are arguments of calls of the solution by themselves."""
        found = []
        for call in self._calls:
            starred = [n for n, each in enumerate(call.args) if isinstance(each, ast.Starred)]
            known: list[tuple[int | str, ast.expr]] = list(
                enumerate(call.args[: min(starred, default=None)])
            )
            known += [(k.arg, k.value) for k in call.keywords if k.arg is not None]
            for place, node in known:
                value = integer(node)
                if value is not None:
                    found.append(Argument(_last_name(call.func), place, value, node.lineno))
        return found

    @cached_property
    def _imported(self) -> set[str]:
        """What ``from solution import …`` binds."""
        return {
            alias.asname or alias.name
            for node in self._nodes
            if isinstance(node, ast.ImportFrom) and node.module == self._module
            for alias in node.names
        }

    @cached_property
    def _modules(self) -> tuple[set[str], set[str]]:
        """Names bound to the solution, and to other modules."""
        own: set[str] = set()
        others: set[str] = set()
        for node in self._nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    (own if alias.name == self._module else others).add(bound)
        return own, others

    @cached_property
    def _calls(self) -> list[ast.Call]:
        """Calls of the solution, as far as names tell."""
        return [
            node
            for node in self._nodes
            if isinstance(node, ast.Call)
            and (
                (isinstance(node.func, ast.Name) and node.func.id in self._imported)
                or (isinstance(node.func, ast.Attribute) and self._is_name(node.func))
            )
        ]

    @cached_property
    def _raised_here(self) -> set[str]:
        """Exceptions that the suite defines, or raises itself."""
        names = {node.name for node in self._nodes if isinstance(node, ast.ClassDef)}
        for node in self._nodes:
            if isinstance(node, ast.Raise) and node.exc is not None:
                made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                names.add(_last_name(made))
        return names

    @cached_property
    def _raises(self) -> list[ast.Call]:
        """Calls of ``pytest.raises``, and of unittest's own."""
        return [
            node
            for node in self._nodes
            if isinstance(node, ast.Call) and _last_name(node.func) in _RAISES
        ]

    @cached_property
    def _caught(self) -> set[str]:
        """Names that ``with pytest.raises(…) as name`` and the like bind."""
        return {
            item.optional_vars.id
            for node in self._nodes
            if isinstance(node, ast.With)
            for item in node.items
            if item.context_expr in self._raises and isinstance(item.optional_vars, ast.Name)
        }

    @cached_property
    def _errors(self) -> set[str]:
        """Names that ``except … as name`` binds."""
        return {n.name for n in self._nodes if isinstance(n, ast.ExceptHandler) and n.name}

    @cached_property
    def _of_instances(self) -> set[int]:
        """Ids of the attributes that are taken from what a class of the solution returned."""
        instances = Instances(self._tree, self._imported, self._modules[0])
        return {id(node) for node in instances.attributes() if not node.attr.startswith("__")}

    def _is_name(self, node: ast.Attribute) -> bool:
        """Tell whether an attribute looks like one of the solution's."""
        if id(node) in self._of_instances:
            return True
        own, others = self._modules
        if isinstance(node.value, ast.Name):
            if node.value.id in own:
                return True
            if node.value.id in {"self", *others}:
                return False
        literal = ast.Constant | ast.JoinedStr | ast.List | ast.Dict | ast.Set | ast.Tuple
        return node.attr in self._declared and not isinstance(node.value, literal)

    def _names(self) -> Iterator[Demand]:
        for node in self._nodes:
            if isinstance(node, ast.ImportFrom) and node.module == self._module:
                for alias in node.names:
                    yield Demand(Kind.NAME, alias.name, node.lineno)
            elif isinstance(node, ast.Attribute) and self._is_name(node):
                yield Demand(Kind.NAME, node.attr, node.lineno)

    def _arguments(self) -> Iterator[Demand]:
        for call in self._calls:
            for keyword in call.keywords:
                if keyword.arg is not None:
                    yield Demand(Kind.ARGUMENT, keyword.arg, keyword.value.lineno)

    def _exceptions(self) -> Iterator[Demand]:
        for call in self._raises:
            for wanted in call.args[:1]:
                classes = wanted.elts if isinstance(wanted, ast.Tuple) else [wanted]
                for each in classes:
                    name = _last_name(each)
                    if name and name not in self._raised_here:
                        yield Demand(Kind.EXCEPTION, name, call.lineno)

    def _attributes(self) -> Iterator[Demand]:
        for node in self._nodes:
            if (
                isinstance(node, ast.Attribute)
                and self._is_error(node.value)
                and node.attr != "args"
                and not node.attr.startswith("__")
            ):
                yield Demand(Kind.ATTRIBUTE, node.attr, node.lineno)

    def _messages(self) -> Iterator[Demand]:
        for call in self._raises:
            for keyword in call.keywords:
                if keyword.arg == "match":
                    yield from _pattern(keyword.value)
            if _last_name(call.func) == "assertRaisesRegex":
                for pattern in call.args[1:2]:
                    yield from _pattern(pattern)
        for sides in self._compared():
            if any(self._is_text_of_error(side) for side in sides):
                for text, line in chain.from_iterable(map(_texts, sides)):
                    yield Demand(Kind.MESSAGE, text, line)

    def _compared(self) -> Iterator[list[ast.expr]]:
        """Yield the sides of comparisons that ask for something, unittest's among them."""
        for node in self._nodes:
            if isinstance(node, ast.Compare):
                if any(isinstance(op, ast.Eq | ast.In) for op in node.ops):
                    yield [node.left, *node.comparators]
            elif isinstance(node, ast.Call) and _last_name(node.func) in {
                "assertEqual",
                "assertIn",
            }:
                yield node.args[:2]

    def _answers(self) -> Iterator[Demand]:
        """Yield texts that the solution must answer and that the suite never passes in.

        What is made of the characters that a case hands in, such as a part of a text, is its own
        to work out.
        """
        blocks = [
            each
            for node in self._tree.body
            for each in (node.body if isinstance(node, ast.ClassDef) else [node])
        ]
        shared = _characters([block for block in blocks if not _is_case(block)])
        everywhere = Counter(text for text, _ in _texts(self._tree))
        answers = Counter(text for block in blocks for text, _ in _wanted(block))
        for block in blocks:
            given = shared | _characters([block])
            for text, line in _wanted(block):
                is_passed = everywhere[text] > answers[text]
                if text.isidentifier() and not is_passed and not set(text) <= given:
                    yield Demand(Kind.ANSWER, text, line)

    def _is_error(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute):
            base = node.value
            is_caught = node.attr in {"value", "exception"}
            return is_caught and isinstance(base, ast.Name) and base.id in self._caught
        return isinstance(node, ast.Name) and node.id in self._errors - self._caught

    def _is_text_of_error(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Call) and _last_name(node.func) in {"str", "repr"}:
            return any(self._is_error(argument) for argument in node.args)
        if isinstance(node, ast.Subscript):
            node = node.value
        return (
            isinstance(node, ast.Attribute) and node.attr == "args" and self._is_error(node.value)
        )


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
        case ast.LShift() if 0 <= other <= _LARGEST_EXPONENT:
            return one << other
    return None


def _last_name(node: ast.AST) -> str:
    """Return ``raises`` of ``raises`` and of ``pytest.raises``; empty for other things."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _pattern(node: ast.expr) -> Iterator[Demand]:
    """Yield what ``match=`` asks for: a pattern, or the text within ``re.escape``."""
    if isinstance(node, ast.Call) and _last_name(node.func) == "escape":
        for text, line in chain.from_iterable(map(_texts, node.args)):
            yield Demand(Kind.MESSAGE, text, line)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield Demand(Kind.PATTERN, node.value, node.lineno)


def _is_case(node: ast.stmt) -> bool:
    return isinstance(node, Function) and node.name.startswith("test")


def _wanted(node: ast.stmt) -> Iterator[tuple[str, int]]:
    """Yield the texts on the right sides of what is asserted."""
    for side in _right_sides(node):
        yield from _texts(side)


def _right_sides(node: ast.stmt) -> Iterator[ast.expr]:
    for each in ast.walk(node):
        if isinstance(each, ast.Assert) and isinstance(each.test, ast.Compare):
            yield from each.test.comparators


def _characters(nodes: Sequence[ast.stmt]) -> set[str]:
    """Return the characters of all texts but titles and what is asserted."""
    found: set[str] = set()
    for node in nodes:
        passed_over = {id(part) for side in _right_sides(node) for part in ast.walk(side)}
        passed_over |= {id(part.value) for part in ast.walk(node) if isinstance(part, ast.Expr)}
        for each in ast.walk(node):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                found.update(each.value if id(each) not in passed_over else "")
    return found


def _texts(node: ast.AST) -> Iterator[tuple[str, int]]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value, each.lineno
