"""Marks of graders on foreign tests: labels, visibility and time limits.

The judge has no use for them, and not the libraries that they come from: suites go without.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache

from harness.importing.source import (
    Definition,
    Function,
    Import,
    Module,
    modules_named,
    names_set_by,
    tidy,
)
from harness.model.frozen import frozen
from harness.model.judgement import Suite

_LABELS = frozenset(
    {"weight", "number", "tags", "visibility", "hide_errors", "points", "max_score", "test_case"}
    | {"leaderboard", "partial_credit", "score", "tag", "requirement", "rubric", "grade"}
)
_TIMES = frozenset({"timeout", "time_limit", "timelimit", "limit_time", "timed", "time_out"})
_LIBRARIES = frozenset(
    {"gradescope_utils", "pytest_gradescope", "autogradescope"}
    | {"autograder_utils", "graderutils", "jmu_gradescope_utils", "tmc", "otter", "cs9_autograder"}
    | {"timeout_decorator", "wrapt_timeout_decorator", "timeout_function_decorator"}
    | {"stopit", "pytest_timeout"}
)
_NO_LEVELS = frozenset(
    _LABELS
    | _TIMES
    | {"parametrize", "skip", "skipif", "xfail", "usefixtures", "filterwarnings", "flaky"}
    | {"repeat", "order", "run", "dependency", "priority", "fixture", "patch", "expand", "given"}
)
_SETTERS = frozenset({"set_score", "set_leaderboard_value"})
_ASSERTING = ("assert", "fail", "raises")


@frozen
class Label:
    """One mark."""

    node: ast.expr
    name: str
    """Its last name, such as ``weight``."""
    timed: bool
    """Whether it is a time limit."""


def labels_in(tree: ast.Module) -> list[Label]:
    """Return the marks of graders on the functions and classes of a test file."""
    foreign = _imported_names(tree)
    local = {each.name for each in tree.body if isinstance(each, Function)}
    found = []
    for mark in (mark for node in _marked(tree) for mark in node.decorator_list):
        name, whole = _name(mark), ast.unparse(_function(mark))
        first = whole.partition(".")[0]
        of_pytest = whole.startswith("pytest.mark.")
        of_grader = foreign.get(first, "") in _LIBRARIES
        known = name in _LABELS | _TIMES and (first in foreign or first in local)
        timed = name in _TIMES or "timeout" in foreign.get(first, "")
        if of_grader or (known and first not in ("pytest", "unittest")) or (of_pytest and timed):
            found.append(Label(mark, name, timed))
    return found


def side_of(node: Definition) -> Suite | None:
    """Return the suite in which a grader's mark puts a case; None if none does."""
    for mark in node.decorator_list:
        if not isinstance(mark, ast.Call):
            continue
        said = {each.arg: each.value for each in mark.keywords}
        hidden = said.get("hidden")
        if isinstance(hidden, ast.Constant) and hidden.value is True:
            return Suite.HIDDEN
        values = [*mark.args, *said.values()]
        texts = [v.value for v in values if isinstance(v, ast.Constant)]
        if _name(mark) == "visibility" and texts and texts[0] != "visible":
            return Suite.HIDDEN
    return None


def level_marks(node: Definition | ast.Module) -> Iterator[str]:
    """Yield the marks of a definition or a file that may name a level, as text."""
    marks = [] if isinstance(node, ast.Module) else node.decorator_list
    for mark in [*marks, *_shared_marks(node.body)]:
        if _name(mark) not in _NO_LEVELS:
            yield ast.unparse(mark)


def _shared_marks(body: Iterable[ast.stmt]) -> Iterator[ast.expr]:
    """Yield the marks that `pytestmark` gives to all cases of a class or file."""
    for node in body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            value = node.value
            yield from value.elts if isinstance(value, ast.List | ast.Tuple) else [value]


def why_left_out(node: Function, tree: ast.Module) -> str:
    """Return why a case means nothing without its grader; empty when it does."""
    scores = {argument.arg for argument in node.args.args} & _SETTERS
    called = (_name(each) for each in ast.walk(node) if isinstance(each, ast.Call))
    asserts = any(isinstance(each, ast.Assert | ast.Raise) for each in ast.walk(node))
    if scores and not asserts and not any(name.startswith(_ASSERTING) for name in called):
        return "only reports a score to its grader, and asserts nothing"
    foreign = {name for name, top in _imported_names(tree).items() if top in _LIBRARIES}
    used = {n.id for part in node.body for n in ast.walk(part) if isinstance(n, ast.Name)}
    if foreign & used:
        return f"needs {min(foreign & used)} of its grader, which the judge does not have"
    return ""


def unneeded_imports(tree: ast.Module) -> list[Import]:
    """Return the imports of graders' libraries that only marks need."""
    marks = {inner for label in labels_in(tree) for inner in ast.walk(label.node)}
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and n not in marks}
    nodes = [node for node in tree.body if isinstance(node, Import)]
    return [
        node
        for node in nodes
        if (tops := {name.partition(".")[0] for name in modules_named(node)})
        if tops <= _LIBRARIES and used.isdisjoint(names_set_by(node))
    ]


def without_labels(text: str) -> str:
    """Return a test file without the marks of graders, and without the imports for them."""
    tree = ast.parse(text)
    lines = text.split("\n")
    gone: set[int] = set()
    instead: dict[int, str] = {}
    for part in (*(label.node for label in labels_in(tree)), *unneeded_imports(tree)):
        gone |= set(range(part.lineno, (part.end_lineno or 0) + 1))
    for node in _marked(tree):
        if isinstance(node, Function):
            for start, end, line in _without_setters(node):
                gone |= set(range(start, end + 1))
                instead[start] = line
    if not gone:
        return text
    kept = (
        instead.get(number, line)
        for number, line in enumerate(lines, 1)
        if number not in gone or number in instead
    )
    return tidy("\n".join(kept))


def _without_setters(node: Function) -> Iterator[tuple[int, int, str]]:
    """Yield lines of a case, and others for them, in which it sets no score."""
    taken = [argument for argument in node.args.args if argument.arg in _SETTERS]
    if not taken or node.body[0].lineno == node.lineno:
        return
    names = {argument.arg for argument in taken}
    rest = [a for a in node.args.args if a.arg not in names]
    defaults = dict(zip(reversed(node.args.args), reversed(node.args.defaults), strict=False))
    arguments = ast.arguments(
        posonlyargs=node.args.posonlyargs,
        args=rest,
        vararg=node.args.vararg,
        kwonlyargs=node.args.kwonlyargs,
        kw_defaults=node.args.kw_defaults,
        kwarg=node.args.kwarg,
        defaults=[defaults[a] for a in rest if a in defaults],
    )
    first_line = node.body[0].lineno - 1
    indent = " " * node.col_offset
    yield node.lineno, first_line, f"{indent}def {node.name}({ast.unparse(arguments)}):"
    for each in ast.walk(node):
        if not isinstance(each, ast.Expr | ast.Return):
            continue
        value = each.value
        if isinstance(value, ast.Call) and _name(value) in names:
            word = "return" if isinstance(each, ast.Return) else "pass"
            yield each.lineno, each.end_lineno or 0, " " * each.col_offset + word


def _marked(tree: ast.Module) -> Iterator[Definition]:
    """Yield the test classes and test functions of a file."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node
        for each in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(each, Function) and each.name.startswith("test"):
                yield each


@lru_cache(maxsize=8)  # each case of a file asks for it
def _imported_names(tree: ast.Module) -> dict[str, str]:
    """Return the names that a file imports, with the library or file of each."""
    found: dict[str, str] = {}
    for node in (each for each in ast.walk(tree) if isinstance(each, Import)):
        for alias in node.names:
            module = node.module if isinstance(node, ast.ImportFrom) else alias.name
            bound = (alias.asname or alias.name).partition(".")[0]
            found[bound] = (module or "").partition(".")[0]
    return found


def _function(mark: ast.expr) -> ast.expr:
    return mark.func if isinstance(mark, ast.Call) else mark


def _name(mark: ast.expr) -> str:
    return ast.unparse(_function(mark)).rpartition(".")[2]


def _seconds(mark: ast.expr) -> float:
    """Return the number that a mark says; 0 for none."""
    values = [*mark.args, *(k.value for k in mark.keywords)] if isinstance(mark, ast.Call) else []
    numbers = [
        float(v.value)
        for v in values
        if isinstance(v, ast.Constant)
        and isinstance(v.value, int | float)
        and not isinstance(v.value, bool)
    ]
    return next((number for number in numbers if number > 0), 0.0)


def stated_limits(module: Module) -> Iterator[tuple[int, float]]:
    """Yield each time limit that a test file states, with its line."""
    for label in labels_in(module.tree):
        if label.timed:
            yield label.node.lineno, _seconds(label.node)
    classes = [node for node in module.tree.body if isinstance(node, ast.ClassDef)]
    for body in (module.tree.body, *(each.body for each in classes)):
        for mark in _shared_marks(body):
            if _name(mark) in _TIMES:
                yield mark.lineno, _seconds(mark)
