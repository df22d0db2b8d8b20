"""Every case asserts something, and what it asserts is reached and could fail."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from harness.authoring.checks.order import PASSED, PlainRun, plain_run
from harness.authoring.findings import noting
from harness.authoring.subject import Subject
from harness.authoring.suites import CaseSource, Function, SuiteSource, read_suite, users_of
from harness.model.finding import Finding, Severity
from harness.model.judgement import Suite

_RAISES = frozenset({"raises", "assertRaises", "assertRaisesRegex", "warns", "fail"})
_BROAD = frozenset({"Exception", "BaseException", "AssertionError"})

_WHY = "It would pass whatever the solution does there."
_FIX = "compare an answer of the solution with a plain value"


def asserting(subject: Subject) -> Iterator[Finding]:
    """Each case asserts something that could fail; with the reference each assertion is reached."""
    for level in subject.levels:
        for suite in Suite:
            source = read_suite(subject.problem, level, suite)
            yield from _silent(source)
            for node in ast.walk(source.tree):
                for line, message, fix, severity in _empty(node):
                    yield source.finding(line, message, _WHY, fix, severity)
        yield from _unreached(subject, level)


def _silent(source: SuiteSource) -> Iterator[Finding]:
    """Yield cases in which nothing is asserted, by them or by what they use of the suite."""
    cases = {id(case.node) for case in source.cases}
    helpers = {
        node.name
        for node in ast.walk(source.tree)
        if isinstance(node, Function | ast.ClassDef) and id(node) not in cases
        if any(map(_asserts, ast.walk(node)))
    }
    speaking = {*users_of(source, helpers)} if helpers else set()
    for case in source.cases:
        if case.name not in speaking and not any(map(_asserts, ast.walk(case.node))):
            yield case.finding(
                f"{case.name} asserts nothing.",
                "A solution passes it as long as it raises nothing.",
                _FIX,
                Severity.WARNING,
            )


def _asserts(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if isinstance(node, ast.Raise) and node.exc is not None:
        return "AssertionError" in ast.unparse(node.exc)
    if isinstance(node, ast.Call):
        name = _last_name(node.func)
        return name in _RAISES or name.startswith("assert")
    return False


def _empty(node: ast.AST) -> Iterator[tuple[int, str, str, Severity]]:
    """Yield what is no assertion although it looks like one: line, what it is, what to do."""
    match node:
        case ast.Assert(test=test, msg=msg):
            what = _always_true(test)
            if what:
                text = f"assert {_short(test)} always holds: {what}."
                yield node.lineno, text, _FIX, Severity.ERROR
            if msg is not None and _is_no_message(msg):
                text = f"assert {_short(test)}, {_short(msg)} compares nothing: what follows the "
                text += "comma is only shown."
                yield (
                    node.lineno,
                    text,
                    f"write assert {_short(test)} == {_short(msg)}",
                    Severity.ERROR,
                )
        case ast.Expr(value=ast.Compare() | ast.BoolOp() as value):
            text = f"{_short(value)} is compared, but not asserted."
            yield node.lineno, text, f"write assert {_short(value)}", Severity.ERROR
        case ast.Try(body=body, handlers=handlers) if _holds_assertion(body):
            broad = [each for each in handlers if _is_broad(each) and not _ends_in_raise(each)]
            if broad:
                text = "This except catches the failed assertion above it."
                fix = "catch only what the solution may raise"
                yield broad[0].lineno, text, fix, Severity.ERROR
        case ast.With(items=items, body=body):
            for item in items:
                yield from _of_block(item.context_expr, body)


def _of_block(
    manager: ast.expr, body: Sequence[ast.stmt]
) -> Iterator[tuple[int, str, str, Severity]]:
    if not isinstance(manager, ast.Call):
        return
    name = _last_name(manager.func)
    given = [_last_name(each) for arg in manager.args[:1] for each in _each_of(arg)]
    if name == "suppress" and _BROAD & set(given) and _holds_assertion(body):
        text = "This suppress takes the failed assertion in its block."
        yield manager.lineno, text, "suppress only what the solution may raise", Severity.ERROR
    elif name in ("raises", "assertRaises", "assertRaisesRegex"):
        calls = [each for each in body if any(isinstance(n, ast.Call) for n in ast.walk(each))]
        if len(calls) > 1:
            text = f"{len(calls)} statements stand within {name}: any of them may raise."
            fix = "leave only the call in it that is to raise"
            yield manager.lineno, text, fix, Severity.WARNING
        if {"Exception", "BaseException"} & set(given):
            text = f"{name}({given[0]}) takes every exception, a misspelt name, too."
            fix = "name the exception that the statement says"
            yield manager.lineno, text, fix, Severity.WARNING


def _always_true(test: ast.expr) -> str:
    """Say why an assertion cannot fail; empty when it may."""
    match test:
        case ast.Tuple(elts=[_, *_]):
            return "a tuple that is not empty is true"
        case ast.List(elts=[_, *_]) | ast.Dict(keys=[_, *_]) | ast.Set() | ast.JoinedStr():
            return "what is written here is not empty"
        case ast.Lambda() | ast.GeneratorExp():
            return "it is never called"
        case ast.Constant(value=value) if value:
            return "it is a constant"
        case ast.UnaryOp(op=ast.Not(), operand=ast.Constant(value=value)) if not value:
            return "it is a constant"
        case ast.BoolOp(op=ast.Or(), values=values):
            return next(filter(None, map(_always_true, values)), "")
        case ast.BoolOp(op=ast.And(), values=values):
            found = [_always_true(each) for each in values]
            return found[0] if all(found) else ""
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is() | ast.LtE() | ast.GtE()]):
            (right,) = test.comparators
            calls = any(isinstance(node, ast.Call) for node in ast.walk(left))
            if ast.dump(left) == ast.dump(right) and not calls:
                return "both sides are the same"
            is_zero = isinstance(right, ast.Constant) and right.value == 0
            if is_zero and isinstance(test.ops[0], ast.GtE) and _is_length(left):
                return "no length is less than 0"
    return ""


def _is_length(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _last_name(node.func) == "len"


def _is_no_message(node: ast.expr) -> bool:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return isinstance(node, ast.Constant | ast.List | ast.Dict | ast.Tuple | ast.Set) and (
        not is_text
    )


def _holds_assertion(body: Sequence[ast.stmt]) -> bool:
    return any(isinstance(node, ast.Assert) for each in body for node in ast.walk(each))


def _is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or any(_last_name(t) in _BROAD for t in _each_of(handler.type))


def _ends_in_raise(handler: ast.ExceptHandler) -> bool:
    return any(_asserts(node) for each in handler.body for node in ast.walk(each))


def _each_of(node: ast.expr) -> Sequence[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _short(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _unreached(subject: Subject, level: int) -> Iterator[Finding]:
    """Yield assertions, and ends of blocks that must raise, that do not run with the reference."""
    fact = f"all reached: {subject.hash_of(level)}"
    if not subject.examiner.knows(fact):
        run = plain_run(subject, level)
        ended = run.outcomes.get("given", {})
        names = (case.partition("::") for case, outcome in ended.items() if outcome == PASSED)
        passed = {(path, name.partition("[")[0]) for path, _, name in names}
        findings = [
            finding
            for suite in Suite
            for case in read_suite(subject.problem, level, suite).cases
            if (str(case.source.path), case.name) in passed
            for finding in _missed_by(case, run)
        ]
        # Of a reference that fails everything, nothing is known.
        yield from noting(subject, fact, findings) if passed else findings


def _missed_by(case: CaseSource, run: PlainRun) -> Iterator[Finding]:
    path = str(case.source.path)
    unreached = list(_missed(case, {*run.reached.get(path, ())}))
    empty = list(_empty_alls(case, {*run.empty.get(path, ())}))
    missed = [*unreached, *empty]
    nodes = list(ast.walk(case.node))
    is_silent = all(node in missed for node in nodes if isinstance(node, ast.Assert))
    is_silent = is_silent and not any(map(_is_raises, nodes))
    for node in missed:
        yield case.source.finding(
            node.lineno,
            f"{case.name} {'asks all() about nothing' if node in empty else 'never comes to this'}"
            f" with the reference: {ast.unparse(node).splitlines()[0]}",
            "What is not reached asserts nothing: a loop or all() over nothing, a condition that "
            "never holds, or a line behind the one that raises.",
            "have the case come there, or take the line out",
            Severity.ERROR if is_silent else Severity.WARNING,
        )


def _is_raises(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _last_name(node.func) in _RAISES


def _empty_alls(case: CaseSource, empty: set[int]) -> Iterator[ast.stmt]:
    """Yield assertions of nothing but ``all``, when it never had anything to look at."""
    for node in ast.walk(case.node):
        match node:
            case ast.Assert(test=ast.Call(func=func, lineno=line)):
                if _last_name(func) == "all" and line in empty:
                    yield node


def _missed(case: CaseSource, reached: set[int]) -> Iterator[ast.stmt]:
    in_raises = {
        id(each)
        for node in ast.walk(case.node)
        if isinstance(node, ast.With) and any(_is_raises(i.context_expr) for i in node.items)
        for each in node.body
    }
    for node in ast.walk(case.node):
        is_check = isinstance(node, ast.Assert) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _asserts(node.value)
        )
        if isinstance(node, ast.stmt) and (is_check or id(node) in in_raises):
            lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            if reached.isdisjoint(lines):
                yield node
