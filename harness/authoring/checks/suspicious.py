"""Cases that may prove nothing: passed by an empty solution, or copies of another."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from harness.authoring.mistakes import MISTAKES_NAME
from harness.authoring.outcomes import function_of, line_of_case
from harness.authoring.subject import Subject
from harness.authoring.suites import CaseSource, Function, SuiteSource, suites_of
from harness.model.finding import Check, Finding, Severity
from harness.model.judgement import CaseOutcome, Suite, Verdict

_MUTABLE = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
_MAKERS = frozenset({"list", "dict", "set", "defaultdict", "deque", "Counter", "bytearray"})


def suspicious(subject: Subject) -> Iterator[Finding]:
    """No case passes on the skeleton, copies another, or leaves something for the next one."""
    sources = suites_of(subject.problem)
    yield from _copies(sources)
    for source in sources:
        yield from _kept_between_cases(source)
    yield from _given(subject)


def _copies(sources: Sequence[SuiteSource]) -> Iterator[Finding]:
    """Yield hidden cases that are another case, or a visible one with other values."""
    seen: dict[str, str] = {}
    shapes: dict[str, str] = {}
    # Visible ones first: a hidden case is said to be the copy.
    for source in sorted(sources, key=lambda each: each.suite is Suite.HIDDEN):
        for case in source.cases:
            place = f"the {source.suite} case {case.name} of level {source.level}"
            first = seen.setdefault(_form(source, case, values=True), place)
            shape = _form(source, case, values=False)
            if source.suite is Suite.VISIBLE:
                shapes.setdefault(shape, place)
                continue
            message = f"{case.name} does the same as {first}." if first != place else ""
            if not message and shape in shapes:
                message = f"{case.name} does the same as {shapes[shape]}, with other values."
            if message:
                yield Finding(
                    message=message,
                    why="It tests nothing new and counts twice.",
                    fix="try another situation of the same rule, or take it out",
                    path=source.path,
                    line=case.line,
                    level=source.level,
                    severity=Severity.ERROR if first != place else Severity.WARNING,
                )


def _form(source: SuiteSource, case: CaseSource, *, values: bool) -> str:
    """Return a text that cases share that do the same, whatever their variables are called.

    The helpers and constants that a case uses are part of it. ``values``: whether literals count;
    else only which of them are equal.
    """
    helpers = {
        name: node for node in source.tree.body for name in _bound_by(node) if node is not case.node
    }
    mentioned = [
        node.id if isinstance(node, ast.Name) else node.arg
        for node in ast.walk(case.node)
        if isinstance(node, ast.Name | ast.arg)
    ]
    used = [helpers[name] for name in dict.fromkeys(mentioned) if name in helpers]
    return "\n".join(_dump(node, values=values) for node in (case.node, *used))


def _bound_by(node: ast.stmt) -> list[str]:
    if isinstance(node, Function | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _dump(part: ast.stmt, *, values: bool) -> str:
    body = [part]
    if isinstance(part, Function | ast.ClassDef):
        body = part.body[1:] if ast.get_docstring(part) is not None else part.body
    bound = {
        node.id
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    numbers: dict[object, int] = {}

    def dump(node: object) -> str:
        match node:
            case ast.Constant(value=int(value) | float(value) | str(value) | bytes(value)) if (
                not values and not isinstance(value, bool)
            ):
                kind = type(value).__name__
                return f"{kind}{numbers.setdefault((kind, value), len(numbers))}"
            case ast.Name(id=name) if name in bound:
                return f"name{numbers.setdefault(name, len(numbers))}"
            case ast.AST():
                parts = [dump(part) for field, part in ast.iter_fields(node) if field != "ctx"]
                return f"{type(node).__name__}({', '.join(parts)})"
            case list():
                return f"[{', '.join(map(dump, node))}]"
        return repr(node)

    head = [part.args, *part.decorator_list] if isinstance(part, Function) else []
    return dump([*head, *body])


def _kept_between_cases(source: SuiteSource) -> Iterator[Finding]:
    """Yield default arguments of helpers that one case can change for the next one."""
    for function in ast.walk(source.tree):
        if not isinstance(function, Function):
            continue
        for default in filter(None, (*function.args.defaults, *function.args.kw_defaults)):
            made = isinstance(default, ast.Call) and ast.unparse(default.func) in _MAKERS
            if isinstance(default, _MUTABLE) or made:
                yield Finding(
                    message=f"{function.name} has a default argument that can change: "
                    f"{ast.unparse(default)}.",
                    why="It is made once: what one case does to it, the next one sees.",
                    fix="make it None, and make the value within the function",
                    path=source.path,
                    line=default.lineno,
                    level=source.level,
                    severity=Severity.WARNING,
                )


def _given(subject: Subject) -> Iterator[Finding]:
    """Yield the cases that the skeleton passes and that are not kept for a reason."""
    kept = {(each.level, each.case) for each in subject.mistakes_file.kept}
    for suite, outcome in gifts(subject):
        if (outcome.level, function_of(outcome)) not in kept:
            yield Finding(
                message=f"The skeleton passes the {suite} case {outcome.case}.",
                why="The skeleton earns this point; the case may check nothing.",
                fix="have it ask for something that was done, or add it to "
                f"{MISTAKES_NAME} as [[kept]] with a reason",
                path=subject.problem.suite_path(outcome.level, suite),
                line=line_of_case(subject, outcome, suite),
                level=outcome.level,
                severity=Severity.WARNING,
            )


def gifts(subject: Subject) -> Iterator[tuple[Suite, CaseOutcome]]:
    """Yield the cases that the skeleton passes."""
    asked = [subject.request(subject.skeleton, suite=suite) for suite in Suite]
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        for outcome in judgement.outcomes:
            if outcome.verdict is Verdict.ACCEPTED:
                yield request.suite, outcome


CHECKS = (
    Check(
        name="suspicious",
        title="no case is free or duplicated",
        run=suspicious,
        needs=("suites",),
    ),
)
