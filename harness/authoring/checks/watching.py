"""What goes into the references and comes out of them while the suites run.

It is seen there, so that loops, helpers and random data count, too.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from harness.authoring.checks.statement import parameters_of, signatures_in
from harness.authoring.subject import Subject
from harness.authoring.suites import suites_of
from harness.authoring.trials import function_of
from harness.model.finding import Finding
from harness.model.frozen import frozen
from harness.model.judgement import Suite, Verdict
from harness.model.problem import Snapshot

_PROGRAM = Path(__file__).with_name("watched_solution.py")
_MARK = "\x01harness "
"""Begins a line of the output that is about a call."""
_SIMPLE = frozenset({"int", "float", "str", "bool", "bytes", "None"})
_HOLDING = frozenset({"list", "tuple", "dict", "set", "frozenset"})

Kinds = list[object] | None
"""Names of types, or lists of a name and the kinds of what it holds; None is anything."""


@frozen
class WatchedCase:
    """What was seen of one case, of one set of its parameters."""

    level: int
    suite: Suite
    function: str
    accepted: bool
    misfits: tuple[tuple[str, str, str], ...]
    """Name, parameter (empty: the answer) and value, where that is of another kind than stated."""
    calls: tuple[Any, ...]
    """Each call of what has a signature: its name, the values that it got, and the answer."""


@lru_cache(maxsize=2)  # two checks ask for it, one after another
def watched_cases(subject: Subject) -> list[WatchedCase]:
    """Judge each reference by the suites of its level, and return what was seen."""
    module = f"{subject.problem.manifest.module}.py"
    requests = []
    for level in subject.levels:
        so_far = "\n".join(subject.problem.statement(n) for n in range(1, level + 1))
        reference = subject.references[level]
        if module in reference.files:
            call = f"_harness_watch(globals(), {stated_kinds(so_far)!r}, {_MARK!r})\n"
            text = b"\n\n".join([reference.files[module], _PROGRAM.read_bytes(), call.encode()])
            watched = Snapshot(files={**reference.files, module: text})
            requests += [subject.request(watched, (level,), suite) for suite in Suite]
    found = []
    for request, judgement in zip(requests, subject.judge_all(requests), strict=True):
        for outcome in judgement.outcomes:
            seen = list(_seen_in(outcome.output))
            found.append(
                WatchedCase(
                    outcome.level,
                    request.suite,
                    function_of(outcome),
                    outcome.verdict is Verdict.ACCEPTED,
                    tuple((n, p, v) for kind, (n, p, v) in seen if kind == "misfit"),
                    tuple(call for kind, call in seen if kind == "call"),
                )
            )
    return found


def kinds(subject: Subject) -> Iterator[Finding]:
    """No value that goes in or comes out is of another kind than the statements say."""
    sources = {(source.level, source.suite): source for source in suites_of(subject.problem)}
    said = set()
    for seen in watched_cases(subject):
        cases = {case.name: case for case in sources[seen.level, seen.suite].cases}
        for name, place, value in seen.misfits:
            about = (seen.level, seen.suite, name, place)
            if about in said or seen.function not in cases:
                continue
            said.add(about)
            what = f"{seen.function} passes {value} to {name} as {place}"
            if not place:
                what = f"The reference answers {value} to {name} in {seen.function}"
            yield cases[seen.function].finding(
                f"{what}, which is of another kind than the statements say.",
                "A solution that keeps to the stated kinds could fail.",
                "pass what is stated, or correct the signature"
                if place
                else "correct the reference, or the signature",
            )


def _seen_in(output: str) -> Iterator[tuple[str, Any]]:
    for line in output.splitlines():
        if line.startswith(_MARK):
            with suppress(ValueError):  # the end of what was printed may be cut off
                yield json.loads(line.removeprefix(_MARK))


def stated_kinds(text: str) -> dict[str, tuple[dict[str, Kinds], Kinds]]:
    """Return function, method or class → kinds by parameter, and of the answer."""
    return {
        name: (
            {each.arg: _kinds(each.annotation) for each in parameters_of(signature)},
            _kinds(signature.returns),
        )
        for name, signature in signatures_in(text).items()
    }


def _kinds(annotation: ast.expr | None) -> Kinds:
    match annotation:
        case ast.Constant(value=None):
            return ["None"]
        case ast.Name(id=name) if name in _SIMPLE:
            return [name]
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            one, other = _kinds(left), _kinds(right)
            return None if one is None or other is None else one + other
        case ast.Subscript(value=ast.Name(id=name), slice=inside) if name in _HOLDING:
            parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            held = [_kinds(each) for each in parts if not _is_ellipsis(each)]
            fits = len(held) == (2 if name == "dict" else 1) or name == "tuple"
            return [[name, *held]] if fits else None
    return None


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def shape_of(calls: tuple[Any, ...]) -> str:
    """Return what calls have in common that differ only in their values.

    Which values are equal, and how they are ordered, belongs to it; so does what is 0 or empty.
    """
    numbers: set[float] = set()
    texts: set[str] = set()
    for value in _leaves(calls):
        if isinstance(value, str):
            texts.add(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            numbers.add(value)
    ranks = {value: f"n{rank}{_sign(value)}" for rank, value in enumerate(sorted(numbers))}
    names = {text: f"s{rank}{not text}" for rank, text in enumerate(sorted(texts))}

    def shaped(value: Any) -> Any:
        if isinstance(value, list):
            return list(map(shaped, value))
        if isinstance(value, dict):
            return {names[key]: shaped(each) for key, each in value.items()}
        if isinstance(value, bool) or value is None:
            return value
        return names[value] if isinstance(value, str) else ranks[value]

    return json.dumps([[name, shaped(values), shaped(answer)] for name, values, answer in calls])


def _leaves(calls: Any) -> Iterator[Any]:
    for _, values, answer in calls:
        waiting = [values, answer]
        while waiting:
            value = waiting.pop()
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                waiting += [*value, *value.values()]
            else:
                yield value


def _sign(value: float) -> str:
    return "-" if value < 0 else "+" if value > 0 else "0"
