"""What suites pass and references answer is of the kinds that the signatures state.

Seen while the references run, so that loops, helpers and random data count, too.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from harness.authoring.checks.statement import parameters_of, signatures_in
from harness.authoring.subject import Subject
from harness.authoring.suites import read_suite
from harness.authoring.trials import function_of
from harness.model.finding import Finding
from harness.model.judgement import Suite
from harness.model.problem import Snapshot

_WATCHING = Path(__file__).with_name("watched_solution.py")
_MARK = "\x01harness "
"""Begins a line of the output that says what does not fit."""
_SIMPLE = frozenset({"int", "float", "str", "bool", "bytes", "None"})
_HOLDING = frozenset({"list", "tuple", "dict", "set", "frozenset"})

Kinds = list[object] | None
"""Names of types, or lists of a name and the kinds of what it holds; None is anything."""


def kinds(subject: Subject) -> Iterator[Finding]:
    """No value that goes in or comes out is of another kind than the statements say."""
    module = f"{subject.problem.manifest.module}.py"
    requests = []
    for level in subject.levels:
        so_far = "\n".join(subject.problem.statement(n) for n in range(1, level + 1))
        reference = subject.references[level]
        if module not in reference.files:
            continue
        call = f"_harness_watch(globals(), {stated_kinds(so_far)!r}, {_MARK!r})\n"
        text = b"\n\n".join([reference.files[module], _WATCHING.read_bytes(), call.encode()])
        watched = Snapshot(files={**reference.files, module: text})
        requests += [subject.request(watched, (level,), suite) for suite in Suite]
    for request, judgement in zip(requests, subject.judge_all(requests), strict=True):
        source = read_suite(subject.problem, request.levels[0], request.suite)
        cases = {case.name: case for case in source.cases}
        said: set[tuple[str, str]] = set()
        for outcome in judgement.outcomes:
            for line in outcome.output.splitlines():
                if not line.startswith(_MARK) or function_of(outcome) not in cases:
                    continue
                name, place, value = json.loads(line.removeprefix(_MARK))
                if (name, place) not in said:
                    said.add((name, place))
                    case = function_of(outcome)
                    what = f"{case} passes {value} to {name} as {place}"
                    if not place:
                        what = f"The reference answers {value} to {name} in {case}"
                    yield cases[case].finding(
                        f"{what}, which is of another kind than the statements say.",
                        "A solution that keeps to the stated kinds could fail.",
                        "pass what is stated, or correct the signature"
                        if place
                        else "correct the reference, or the signature",
                    )


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
