"""The statements up to a level say all that its suites ask for, and nothing of later levels.

Suites are read as syntax. What a suite makes up itself (a helper class, an exception that it
raises, a text that it passes in) need not be stated.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import StrEnum

from harness.authoring.findings import at_file, line_at
from harness.authoring.subject import Subject
from harness.authoring.suites import SuiteSource, defined_in, names_defined_by, suites_of
from harness.authoring.texts import (
    giveaways,
    later_names,
    line_of_name,
    names_of,
    words_given_away,
)
from harness.catalog.content import MANIFEST_NAME
from harness.model.finding import Finding, Severity
from harness.model.judgement import Suite

_WHY_LATER = "It gives away what a later level asks for."


def statement(subject: Subject) -> Iterator[Finding]:
    """Each suite asks only for what the statements up to its level say."""
    texts = {level: subject.problem.statement(level) for level in subject.levels}
    so_far = {level: "\n".join(texts[n] for n in range(1, level + 1)) for level in texts}
    for level, spec in enumerate(subject.problem.manifest.levels, start=1):
        for name in sorted(names_of(spec.symbols)):
            if not name.startswith("__") and not _says(so_far[level], name):
                yield at_file(
                    subject.problem.statement_path(level),
                    f"The manifest adds {name} at level {level}; no statement up to there says it.",
                    "A candidate cannot guess what to write.",
                    f"describe it, or take it out of the symbols in {MANIFEST_NAME}",
                    level=level,
                )
    for source in suites_of(subject.problem):
        yield from _suite(subject, source, so_far[source.level])
    for level in subject.levels:
        yield from _given_away(subject, level, texts[level], so_far[level])


def _suite(subject: Subject, source: SuiteSource, so_far: str) -> Iterator[Finding]:
    manifest = subject.problem.manifest
    known = {name for spec in manifest.levels for name in names_of(spec.symbols)}
    for content in subject.references[source.level].files.values():
        known |= names_defined_by(content)
    reading = _SuiteReading(source, manifest.module, known)
    later = later_names(manifest, source.level)
    required = reading.requirements()
    upto = "statement 1" if source.level == 1 else f"statements 1 to {source.level}"
    for (kind, text), line in required.items():
        if not _is_stated(kind, text, so_far):
            whose = f"a name of level {later[text]}, " if text in later else ""
            yield source.finding(
                line,
                f"The {source.suite} suite needs the {kind} '{text}': {whose}not in {upto}.",
                "A candidate who does all that was asked would fail for what was not said.",
                f"say it in level{source.level}/statement.md, or do not ask for it",
            )
    if source.suite is Suite.VISIBLE:
        reported = {text for _, text in required}
        unsaid = {name: level for name, level in later.items() if name not in reported}
        for line, said, name in giveaways(source.text, unsaid, so_far):
            yield source.finding(
                line,
                f"The visible suite of level {source.level} says {said}: {name} is a name of level "
                f"{later[name]}.",
                _WHY_LATER,
                "say it in words of this level: candidates get this file",
                Severity.WARNING,
            )
    for message, line, severity in _beyond(reading, so_far, source.level):
        yield source.finding(
            line,
            f"The {source.suite} suite passes {message}",
            "A solution that is right within the stated bounds could fail.",
            "state it, or stay within what is stated",
            severity,
        )


def _given_away(subject: Subject, level: int, text: str, so_far: str) -> Iterator[Finding]:
    """Yield names of later levels in the statement and the hints of a level."""
    manifest = subject.problem.root / MANIFEST_NAME
    lines = manifest.read_text(encoding="utf-8-sig")
    later = later_names(subject.problem.manifest, level)
    for name, number in later.items():
        line = line_of_name(text, name)
        if line is not None:
            yield at_file(
                subject.problem.statement_path(level),
                f"The statement of level {level} says {name}, a name of level {number}.",
                _WHY_LATER,
                "say it in words of this level",
                line=line,
                level=level,
            )
    for hint in subject.problem.manifest.levels[level - 1].hints:
        place = lines.find(hint)  # of the first hint if this one is written with escapes
        names = [name for name in later if line_of_name(hint, name)]
        for name in dict.fromkeys([*names, *words_given_away(hint, later, so_far)]):
            yield at_file(
                manifest,
                f"The hint of level {level} says {name}, a name of level {later[name]}.",
                _WHY_LATER,
                "say it in words of this level",
                line=line_at(lines, place if place >= 0 else max(lines.find("hints"), 0)),
                level=level,
                severity=Severity.ERROR if name in names else Severity.WARNING,
            )


# What a suite asks for.


class RequirementKind(StrEnum):
    """What sort of thing a suite needs the candidate to know."""

    NAME = "name"
    ATTRIBUTE = "attribute of an exception"
    ARGUMENT = "argument"
    EXCEPTION = "exception"
    MESSAGE = "error text"
    PATTERN = "pattern of an error text"


_RAISES = frozenset({"raises", "assertRaises", "assertRaisesRegex"})
_LITERAL = ast.Constant | ast.JoinedStr | ast.List | ast.Dict | ast.Set | ast.Tuple


def _is_stated(kind: RequirementKind, text: str, so_far: str) -> bool:
    one_line = " ".join(so_far.split())
    if kind is RequirementKind.MESSAGE:
        return " ".join(text.split()) in one_line
    if kind is RequirementKind.PATTERN:
        try:
            return bool(re.search(text.strip("^$"), one_line))
        except re.error:
            return False
    return _says(so_far, text)


def _says(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


class _SuiteReading:
    """Reads one suite. ``known``: names that the solution has, whether a statement says them."""

    def __init__(self, source: SuiteSource, module: str, known: Collection[str]) -> None:
        self._nodes = list(ast.walk(source.tree))
        self._known = set(known) - defined_in(self._nodes)
        self._modules = {
            alias.asname or alias.name.partition(".")[0]: alias.name == module
            for node in self._nodes
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        """Names of modules → whether it is the solution."""
        self._imported = {
            alias.asname or alias.name: (alias.name, node.lineno)
            for node in self._nodes
            if isinstance(node, ast.ImportFrom) and node.module == module
            for alias in node.names
        }
        calls = [node for node in self._nodes if isinstance(node, ast.Call)]
        self._raises = [call for call in calls if _last_name(call.func) in _RAISES]
        self.calls = [
            call
            for call in calls
            if (isinstance(call.func, ast.Name) and call.func.id in self._imported)
            or (isinstance(call.func, ast.Attribute) and self._is_name(call.func))
        ]
        """Calls of the solution."""
        self._caught = {
            item.optional_vars.id
            for node in self._nodes
            if isinstance(node, ast.With)
            for item in node.items
            if item.context_expr in self._raises and isinstance(item.optional_vars, ast.Name)
        }
        """Names that ``raises(…) as name`` binds."""
        self._errors = {
            node.name for node in self._nodes if isinstance(node, ast.ExceptHandler) and node.name
        } - self._caught
        """Names that ``except … as name`` binds."""

    def requirements(self) -> dict[tuple[RequirementKind, str], int]:
        """Return what is required → its first line."""
        found: dict[tuple[RequirementKind, str], int] = {}
        everything = [*self._names(), *self._exceptions(), *self._messages()]
        for kind, text, line in sorted(everything, key=lambda each: each[2]):
            found.setdefault((kind, text), line)
        return found

    def _is_name(self, node: ast.Attribute) -> bool:
        """Return whether an attribute looks like one of the solution's."""
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        if owner in self._modules:
            return self._modules[owner]
        return node.attr in self._known and owner != "self" and not isinstance(node.value, _LITERAL)

    def _names(self) -> Iterator[tuple[RequirementKind, str, int]]:
        for name, line in self._imported.values():
            yield RequirementKind.NAME, name, line
        for node in self._nodes:
            if isinstance(node, ast.Attribute) and not node.attr.startswith("__"):
                if self._is_error(node.value) and node.attr != "args":
                    yield RequirementKind.ATTRIBUTE, node.attr, node.lineno
                elif self._is_name(node):
                    yield RequirementKind.NAME, node.attr, node.lineno
        for call in self.calls:
            for keyword in call.keywords:
                if keyword.arg is not None:
                    yield RequirementKind.ARGUMENT, keyword.arg, keyword.value.lineno

    def _exceptions(self) -> Iterator[tuple[RequirementKind, str, int]]:
        raised_here = {node.name for node in self._nodes if isinstance(node, ast.ClassDef)}
        for node in self._nodes:
            if isinstance(node, ast.Raise) and node.exc is not None:
                raised_here.add(
                    _last_name(node.exc.func if isinstance(node.exc, ast.Call) else node.exc)
                )
        for call in self._raises:
            for wanted in call.args[:1]:
                for each in wanted.elts if isinstance(wanted, ast.Tuple) else [wanted]:
                    name = _last_name(each)
                    if name and name not in raised_here:
                        yield RequirementKind.EXCEPTION, name, call.lineno

    def _messages(self) -> Iterator[tuple[RequirementKind, str, int]]:
        for call in self._raises:
            patterns = [keyword.value for keyword in call.keywords if keyword.arg == "match"]
            if _last_name(call.func) == "assertRaisesRegex":
                patterns += call.args[1:2]
            for pattern in patterns:
                escaped = isinstance(pattern, ast.Call) and _last_name(pattern.func) == "escape"
                for text, line in _texts([pattern]):
                    yield (
                        RequirementKind.MESSAGE if escaped else RequirementKind.PATTERN,
                        text,
                        line,
                    )
        for node in self._nodes:
            match node:
                case ast.Compare(ops=ops) if any(isinstance(op, ast.Eq | ast.In) for op in ops):
                    sides = [node.left, *node.comparators]
                case ast.Call() if _last_name(node.func) in {"assertEqual", "assertIn"}:
                    sides = node.args[:2]
                case _:
                    continue
            if any(self._is_text_of_error(side) for side in sides):
                for text, line in _texts(sides):
                    yield RequirementKind.MESSAGE, text, line

    def _is_error(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute) and node.attr in {"value", "exception"}:
            return isinstance(node.value, ast.Name) and node.value.id in self._caught
        return isinstance(node, ast.Name) and node.id in self._errors

    def _is_text_of_error(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Call) and _last_name(node.func) in {"str", "repr"}:
            return any(self._is_error(argument) for argument in node.args)
        node = node.value if isinstance(node, ast.Subscript) else node
        if not isinstance(node, ast.Attribute) or node.attr != "args":
            return False
        return self._is_error(node.value)


def _last_name(node: ast.AST) -> str:
    """Return ``raises`` of ``raises`` and of ``pytest.raises``; empty for other things."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _texts(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, int]]:
    for node in nodes:
        for each in ast.walk(node):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                yield each.value, each.lineno


# What a suite passes, and what the statements say of it.

_SESSION = re.compile(r"^(`{3,}|~{3,})[^\n]*\n\s*>>>.*?^\1", re.MULTILINE | re.DOTALL)
_SIGNATURE = re.compile(
    r"`(?:\w+\.)?(?P<name>\w+)\((?P<arguments>[^`]*)\)(?:\s*->(?P<answer>[^`]*))?`"
)
_END = r"[-−]?\d[\d,_]*(?:\*\*\d+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?: (?:thousand|million|billion)\b)?"
_RANGE = re.compile(
    r"(?P<names>`\w+`(?:(?:,| and|, and| or) `\w+`)*)[^.;`\n]{0,40}?\b(?:from|is|are) "
    rf"(?P<low>{_END}) to (?P<high>{_END})"
)
_INEQUALITY = re.compile(rf"(?P<low>{_END}) <= (?P<names>\w+) <= (?P<high>{_END})`")
_NUMBER = re.compile(
    r"(?<![\w.])(?P<base>\d+(?:[,_]\d{3})*)"
    r"(?:(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|\s*(?:\*\*|\^)\s*(?P<exponent>\d{1,3})\b"
    r"|\s(?P<word>thousand|million|billion)\b)?"
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_OPERATORS: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Pow: operator.pow,
}
_LARGEST_EXPONENT = 100
"""Beyond it a literal power is not worked out: no bound of a statement is as large."""


def _beyond(reading: _SuiteReading, so_far: str, level: int) -> Iterator[tuple[str, int, Severity]]:
    """Yield what is passed against the statements: what and why not, the line, how sure it is."""
    prose = _SESSION.sub("", so_far)
    largest = max(numbers_in(prose), default=0)
    passed = [(call, place, node) for call in reading.calls for place, node in _arguments(call)]
    numbers = [each for _, _, node in passed for each in _integers(node)]
    worst, line = max(numbers, key=lambda each: abs(each[0]), default=(0, 0))
    if abs(worst) > largest:
        bound = f"{worst:,}; the statements up to level {level} bound numbers at {largest:,}."
        yield bound, line, Severity.ERROR
    bounds = bounds_in(prose)
    signatures = {
        name: [each.arg for each in parameters_of(signature)]
        for name, signature in signatures_in(so_far).items()
    }
    for call, place, node in passed:
        callee = _last_name(call.func)
        names = dict(enumerate(signatures.get(callee, ())))
        name = names.get(place, "") if isinstance(place, int) else place
        value = _integer(node)
        ranges = bounds.get(name, [])
        if value is None or abs(value) > largest or not ranges:
            continue
        if not any(low <= value <= high for low, high in ranges):
            stated = f"from {ranges[0][0]:,} to {ranges[0][1]:,}"
            text = f"{value:,} to {callee} as {name}, which the statements say is {stated}."
            yield text, node.lineno, Severity.WARNING


def _arguments(call: ast.Call) -> Iterator[tuple[int | str, ast.expr]]:
    """Yield the arguments of a call with their positions or names; -1 where those are unknown."""
    is_starred = False
    for position, argument in enumerate(call.args):
        is_starred = is_starred or isinstance(argument, ast.Starred)
        yield -1 if is_starred else position, argument
    for keyword in call.keywords:
        yield -1 if keyword.arg is None else keyword.arg, keyword.value


def _integers(node: ast.AST) -> Iterator[tuple[int, int]]:
    """Yield the integers anywhere in an expression, each with its line."""
    value = _integer(node)
    if value is not None and isinstance(node, ast.expr):
        yield value, node.lineno
    else:
        for child in ast.iter_child_nodes(node):
            yield from _integers(child)


def _integer(node: ast.AST) -> int | None:
    """Work out an integer literal, or a sum, product or power of such; None for all else."""
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            negated = _integer(operand)
            return None if negated is None else -negated
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            one, other = _integer(left), _integer(right)
            is_power = isinstance(op, ast.Pow)
            if one is None or other is None or (is_power and not 0 <= other <= _LARGEST_EXPONENT):
                return None
            return _OPERATORS[type(op)](one, other)
    return None


def signatures_in(text: str) -> dict[str, ast.FunctionDef]:
    """Return function, method or class → its signature. Of several the last counts."""
    found = {}
    for match in _SIGNATURE.finditer(text):
        answer = match["answer"] or "Any"
        try:
            node = ast.parse(f"def f({match['arguments']}) -> {answer}: ...").body[0]
        except SyntaxError:
            continue  # a call
        if isinstance(node, ast.FunctionDef):
            found[match["name"]] = node
    return found


def parameters_of(signature: ast.FunctionDef) -> list[ast.arg]:
    """Return the parameters that a caller gives, in their order."""
    given = signature.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return [each for each in every if each.arg != "self"]


def bounds_in(text: str) -> dict[str, list[tuple[int, int]]]:
    """Return argument → the ranges that a statement gives for it, least and greatest number."""
    found: dict[str, list[tuple[int, int]]] = {}
    for match in [*_RANGE.finditer(text), *_INEQUALITY.finditer(text)]:
        low, high = _signed(match["low"]), _signed(match["high"])
        for name in re.findall(r"\w+", re.sub(r" (and|or) ", " ", match["names"])):
            if low < high:
                found.setdefault(name, []).append((low, high))
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
        found.append(base ** int(exponent) * _SCALES.get(match["word"] or "", 1))
    return found
