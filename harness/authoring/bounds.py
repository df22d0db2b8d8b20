"""Bounds that statements tell of single arguments: "`count` is from 0 to 1,000"."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from harness.authoring.instances import Function
from harness.authoring.numbers import numbers_in
from harness.model.frozen import frozen

_RANGE = re.compile(
    r"(?P<names>`\w+`(?:(?:,| and|, and| or) `\w+`)*)[^.;`\n]{0,40}?\bfrom "
    r"(?P<low>[-−]?\d\S*) to (?P<high>[-−]?\d\S*(?: (?:thousand|million|billion)\b)?)"
)
_NAME = re.compile(r"`(\w+)`")


@frozen
class Bound:
    """The numbers that an argument can be."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"from {self.low:,} to {self.high:,}"


@frozen
class Argument:
    """One argument of a call of the solution, as far as it is an integer."""

    callee: str
    """The last name: ``erase`` of ``buffer.erase``."""
    place: int | str
    """Its position, or its keyword."""
    value: int
    line: int


def bounds_in(text: str) -> dict[str, list[Bound]]:
    """Return the bounds that a statement tells of names."""
    found: dict[str, list[Bound]] = {}
    for match in _RANGE.finditer(text):
        ends = [_signed(match["low"]), _signed(match["high"])]
        low, high = (end if end is not None else 0 for end in ends)
        if None not in ends and low < high:
            for name in _NAME.findall(match["names"]):
                found.setdefault(name, []).append(Bound(low, high))
    return found


def _signed(written: str) -> int | None:
    numbers = numbers_in(written.lstrip("-−"))
    sign = -1 if written[0] in "-−" else 1
    return sign * numbers[0] if numbers else None


def parameters_in(source: bytes) -> Mapping[str, Sequence[str]]:
    """Return function, method or class → its parameters; none that two take differently."""
    found: dict[str, set[tuple[str, ...]]] = {}
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {}
    for name, parameters in _signatures(tree.body):
        found.setdefault(name, set()).add(parameters)
    return {name: next(iter(each)) for name, each in found.items() if len(each) == 1}


def _signatures(body: Sequence[ast.stmt]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for node in body:
        if isinstance(node, Function):
            yield node.name, _parameters(node)
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, Function):
                    name = node.name if method.name == "__init__" else method.name
                    yield name, _parameters(method)[1:]


def _parameters(node: Function) -> tuple[str, ...]:
    return tuple(each.arg for each in (*node.args.posonlyargs, *node.args.args))


def beyond(
    arguments: Sequence[Argument],
    parameters: Mapping[str, Sequence[str]],
    bounds: Mapping[str, Sequence[Bound]],
) -> Iterator[tuple[Argument, str, Bound]]:
    """Yield arguments outside of all bounds of their parameter: with its name, and the first."""
    for argument in arguments:
        known = parameters.get(argument.callee, ())
        if isinstance(argument.place, str):
            name = argument.place
        else:
            name = known[argument.place] if argument.place < len(known) else ""
        told = bounds.get(name, ())
        if told and not any(bound.low <= argument.value <= bound.high for bound in told):
            yield argument, name, told[0]
