"""What statements say of arguments: their kinds, in signatures, and the numbers they can be."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from harness.model.frozen import frozen

_SIGNATURE = re.compile(r"`(?:\w+\.)?(?P<name>\w+)\((?P<arguments>[^`]*)\)(?:\s*->[^`]*)?`")
_SIMPLE = frozenset({"int", "float", "str", "bool", "bytes", "None"})
_END = r"[-−]?\d[\d,_]*(?:\*\*\d+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?: (?:thousand|million|billion)\b)?"
_RANGE = re.compile(
    r"(?P<names>`\w+`(?:(?:,| and|, and| or) `\w+`)*)[^.;`\n]{0,40}?\b(?:from|is|are) "
    rf"(?P<low>{_END}) to (?P<high>{_END})"
)
_INEQUALITY = re.compile(rf"`(?P<low>{_END}) <= (?P<name>\w+) <= (?P<high>{_END})`")
_NUMBER = re.compile(
    r"(?<![\w.])(?P<base>\d+(?:[,_]\d{3})*)"
    r"(?:(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|\s*(?:\*\*|\^)\s*(?P<exponent>\d{1,3})\b"
    r"|\s(?P<word>thousand|million|billion)\b)?"
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_WORDS = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


@frozen
class Bound:
    """The numbers that an argument can be."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"from {self.low:,} to {self.high:,}"


def signatures_in(text: str) -> dict[str, dict[str, frozenset[str]]]:
    """Return function, method or class → its parameters in order → their kinds.

    Kinds are empty when the signature does not say, or says more than the names of plain types. Of
    several signatures the last counts.
    """
    found = {}
    for match in _SIGNATURE.finditer(text):
        try:
            node = ast.parse(f"def f({match['arguments']}): ...").body[0]
        except SyntaxError:
            continue  # a call
        if isinstance(node, ast.FunctionDef):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            found[match["name"]] = {
                each.arg: _kinds(each.annotation) for each in given if each.arg != "self"
            }
    return found


def _kinds(annotation: ast.expr | None) -> frozenset[str]:
    names = frozenset(ast.unparse(annotation).split(" | ")) if annotation else frozenset()
    return names if names <= _SIMPLE else frozenset()


def kind_of(value: object) -> str:
    """Return how a signature names the type of a literal."""
    return "None" if value is None else type(value).__name__


def bounds_in(text: str) -> Mapping[str, list[Bound]]:
    """Return the bounds that a statement gives for names."""
    found: dict[str, list[Bound]] = {}
    ranges = [(re.findall(r"`(\w+)`", match["names"]), match) for match in _RANGE.finditer(text)]
    ranges += [([match["name"]], match) for match in _INEQUALITY.finditer(text)]
    for names, match in ranges:
        bound = Bound(_signed(match["low"]), _signed(match["high"]))
        for name in names if bound.low < bound.high else ():
            found.setdefault(name, []).append(bound)
    return found


def _signed(written: str) -> int:
    number = numbers_in(written.lstrip("-−"))[0]
    return -number if written[0] in "-−" else number


def numbers_in(text: str) -> list[int]:
    """Return the whole numbers of a text, as people write them: ``1,000``, ``10**9``, ``10¹²``."""
    found = []
    for match in _NUMBER.finditer(text):
        base = int(re.sub(r"[,_]", "", match["base"]))
        exponent = (match["raised"] or "").translate(_SUPERSCRIPTS) or match["exponent"] or "1"
        found.append(base ** int(exponent) * _WORDS.get(match["word"] or "", 1))
    return found
