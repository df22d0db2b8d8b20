"""Turn what the screen shows of a failing case into a test of the candidate's own.

Nothing of a suite goes into it: only the calls and the values that the attempt's feedback shows.
They are read as Python of a few harmless forms and written anew, so that no text of a solution or a
suite can become anything but a call or a value.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from harness.app.session import Session, Sitting, require_workspace
from harness.app.work import JudgedSubmission, JudgedTests
from harness.errors import RequestError
from harness.model.frozen import frozen
from harness.model.judgement import CaseOutcome, Cause, Judgement, Verdict
from harness.model.problem import Problem
from harness.reports.withholding import withhold
from harness.words import shown_comparison, shown_exceptions

FILE_NAME: Final = "test_kept.py"

_NODES: Final = (
    *(ast.Call, ast.Attribute, ast.Subscript, ast.Name, ast.keyword, ast.Await),
    *(ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.UnaryOp, ast.USub),
    *(ast.BinOp, ast.Add, ast.Sub, ast.Compare, ast.In, ast.NotIn, ast.Load, ast.Store, ast.Del),
)
"""Every kind of node that a shown call or value may consist of."""
_NAMED: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_DUNDERS: Final = ("__enter__", "__exit__")
_BUILTINS: Final = frozenset(
    (
        *("len", "bool", "iter", "next", "str", "isinstance", "sorted", "list", "tuple", "set"),
        *("frozenset", "range", "bytearray", "complex"),
    )
)
_LIBRARY: Final = {
    "Decimal": "decimal",
    "Fraction": "fractions",
    "UUID": "uuid",
    "deque": "collections",
    "OrderedDict": "collections",
    "Counter": "collections",
    "datetime": "",
}
"""Names in rendered values, and the module that they come from; empty for a module."""
_ANSWERED, _RAISED, _UNANSWERED = " -> ", "  raised ", "  … no answer"
_CALLBACK: Final = "→ "


@frozen
class KeptCase:
    """A failing case that was written down as a test."""

    file: str
    name: str
    title: str


class _CannotKeepError(Exception):
    """Its text completes "The case cannot be kept as a test: …"."""


def keep_case(
    session: Session, sitting: Sitting, result: JudgedTests | JudgedSubmission
) -> KeptCase:
    """Append the first failing case of ``result`` to ``test_kept.py``.

    Raises RequestError when none fails, the feedback shows too little, or the file cannot be
    appended to; then nothing is written.
    """
    workspace = require_workspace(sitting)
    case = _first_failing(withhold(result.judgement, result.state.feedback))
    before = workspace.own_text(FILE_NAME)
    try:
        names = {node.name for node in ast.walk(ast.parse(before)) if isinstance(node, _NAMED)}
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        raise RequestError(
            f"{FILE_NAME} is not valid Python{where}, so nothing is appended to it.",
            f"pytest {FILE_NAME}",
        ) from None
    number = next(n for n in range(1, len(names) + 2) if f"test_kept_{n}" not in names)
    name = f"test_kept_{number}"
    try:
        text = write_test(case, result.problem, name)
    except _CannotKeepError as error:
        raise RequestError(
            f"The case cannot be kept as a test: {error}.", "harness statement"
        ) from None
    gap = "\n\n" if before.endswith("\n") or not before else "\n\n\n"
    workspace.append(FILE_NAME, f"{gap if before else ''}{text}\n")
    return KeptCase(FILE_NAME, name, case.title or case.case)


def _first_failing(judgement: Judgement) -> CaseOutcome:
    """Return the failing case that the screen shows first."""
    cases = (case for level in judgement.levels for case in judgement.of_level(level))
    case = next((each for each in cases if each.verdict is not Verdict.ACCEPTED), None)
    if judgement.error or case is None:
        raise RequestError("No case failed, so there is none to keep.", "harness test")
    return case


def write_test(case: CaseOutcome, problem: Problem, name: str) -> str:
    """Return a test function that fails as ``case`` did. Raises _CannotKeepError."""
    module = problem.manifest.module
    if case.verdict is Verdict.IMPORT_ERROR:
        return _function(name, case.title, [ast.Import([ast.alias(module)])])
    if not case.calls:
        raise _CannotKeepError("its calls are not shown")
    if case.calls_omitted:
        raise _CannotKeepError("it has more calls than are shown")
    script = _Script.read(case)
    match case.verdict:
        case Verdict.WRONG_ANSWER:
            last = _assertion(case, script)
        case Verdict.RUNTIME_ERROR if script.steps[-1].raised:
            last = [script.steps[-1].node]
        case Verdict.TIME_LIMIT:
            last = [script.steps[-1].node]
        case _:
            raise _CannotKeepError("only the sandbox notices that it fails")
    body = [*script.before(), *last]
    if case.verdict is Verdict.TIME_LIMIT:
        body = _within(body, problem.manifest.limits.wall_seconds)
    imports = list(_imports([*script.stubs(), *body], problem, script))
    return _function(name, case.title, [*imports, *script.stubs(), *body])


@dataclass
class _ShownCall:
    """One shown call, as a statement."""

    node: ast.stmt
    answer: str | None
    """As shown; None when none came, or an object that the line gives a name to."""
    raised: str = ""
    """The name of the exception that came instead."""

    @property
    def expression(self) -> ast.expr:
        if not isinstance(self.node, ast.Expr):
            raise _CannotKeepError("it compares something that is not the answer of a call")
        return self.node.value


@dataclass
class _Script:
    """The shown calls up to the one that failed."""

    steps: list[_ShownCall] = field(default_factory=list)
    compared: int = 1
    """How many of the last steps are compared."""
    answers: dict[str, list[ast.expr]] = field(default_factory=dict)
    """What each function of the case answered to the solution."""

    @classmethod
    def read(cls, case: CaseOutcome) -> _Script:
        script = cls()
        for line in case.calls:
            text = line.strip()
            if text.startswith(_CALLBACK):
                script._add_callback(text.removeprefix(_CALLBACK))
            elif line.startswith(" "):
                raise _CannotKeepError("a function of the case calls the solution again")
            else:
                script.steps.append(_read_step(text))
        return script

    def _add_callback(self, text: str) -> None:
        step = _read_step(text)
        call = step.expression
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or step.raised:
            raise _CannotKeepError("a function of the case does more than give an answer")
        answer = _value(step.answer or "None")
        self.answers.setdefault(call.func.id, []).append(answer)

    def before(self) -> Iterator[ast.stmt]:
        """Yield what precedes the steps that are compared."""
        for step in self.steps[: len(self.steps) - self.compared]:
            yield _expecting(step.raised, step.node) if step.raised else step.node

    def stubs(self) -> list[ast.stmt]:
        """Return functions that answer as those of the case did."""
        lines = [
            f"{name} = lambda *_, answers=iter({ast.unparse(ast.List(values, ast.Load()))}), **__: "
            "next(answers)"
            for name, values in self.answers.items()
        ]
        return ast.parse("\n".join(lines)).body


def _read_step(text: str) -> _ShownCall:
    """Read a line of the transcript: a call, and its answer or exception."""
    for end in (_ANSWERED, _RAISED, _UNANSWERED, ""):
        for head, tail in _splits(text, end):
            node = _statement(head)
            if node is None:
                continue
            if end == _RAISED:
                return _ShownCall(node, None, tail.partition(":")[0])
            return _ShownCall(node, tail if end == _ANSWERED else None)
    raise _CannotKeepError("not every call and value is shown whole")


def _splits(text: str, end: str) -> Iterator[tuple[str, str]]:
    """Yield what precedes and follows each ``end`` in ``text``; all of it when ``end`` is empty."""
    if not end:
        yield text, ""
        return
    at = text.find(end)
    while at >= 0:
        yield text[:at], text[at + len(end) :]
        at = text.find(end, at + 1)


def _statement(text: str) -> ast.stmt | None:
    """Return ``text`` as a statement of a harmless form, else None."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if len(body) != 1 or not isinstance(body[0], ast.Expr | ast.Assign | ast.Delete):
        return None
    parts = [node for child in ast.iter_child_nodes(body[0]) for node in ast.walk(child)]
    return body[0] if all(map(_is_harmless, parts)) else None


def _is_harmless(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute) and node.attr.startswith("__"):
        return node.attr in _DUNDERS
    if isinstance(node, ast.Name) and node.id.startswith("__"):
        return False
    if isinstance(node, ast.keyword) and node.arg is None:
        return False
    return isinstance(node, _NODES)


def _value(text: str) -> ast.expr:
    """Return a rendered value as an expression."""
    statement = _statement(text)
    if not isinstance(statement, ast.Expr):
        raise _CannotKeepError("not every value is shown whole")
    return statement.value


def _assertion(case: CaseOutcome, script: _Script) -> list[ast.stmt]:
    """Return the statements that fail as the assertion of the case did."""
    step = script.steps[-1]
    if case.cause is Cause.TRUTH and step.answer is not None:
        is_true = bool(_literal(step.answer))
        test = ast.UnaryOp(ast.Not(), step.expression) if is_true else step.expression
        return [ast.Assert(test)]
    if case.cause is Cause.OBJECT:
        raise _CannotKeepError("it compares an object of the solution")
    if case.expected is None or case.actual is None:
        raise _CannotKeepError("no expected value is shown")
    exceptions = shown_exceptions(case.expected)
    if exceptions:
        return [_expecting(" or ".join(exceptions), step.node)]
    operator, wanted = shown_comparison(case.expected)
    subject = _subject(case.actual, script)
    if operator in ("in", "not in"):
        raise _CannotKeepError("it looks for a value in an answer")
    comparison = ast.parse(f"None {operator} None", mode="eval").body
    assert isinstance(comparison, ast.Compare)
    comparison.left, comparison.comparators = subject, [_value(wanted)]
    return [ast.Assert(comparison)]


def _subject(actual: str, script: _Script) -> ast.expr:
    """Return the call, or the list of calls, whose answer was ``actual``."""
    for last in range(len(script.steps), 0, -1):
        if script.steps[last - 1].answer == actual:
            del script.steps[last:]
            return script.steps[-1].expression
    value = _value(actual)
    if isinstance(value, ast.List | ast.Tuple) and 0 < len(value.elts) <= len(script.steps):
        compared = script.steps[len(script.steps) - len(value.elts) :]
        same = [
            step.answer == ast.unparse(item)
            for step, item in zip(compared, value.elts, strict=True)
        ]
        if all(same):
            script.compared = len(compared)
            value.elts = [step.expression for step in compared]
            return value
    answer = script.steps[-1].answer
    if answer is not None:
        for wrap in ("len", "sorted", "list", "tuple", "set", "bool", "str"):
            if _wrapped(wrap, answer) == actual:
                return ast.Call(ast.Name(wrap, ast.Load()), [script.steps[-1].expression], [])
    raise _CannotKeepError("it compares something that it computes from the answers")


def _wrapped(function: str, answer: str) -> str | None:
    """Return what ``function`` makes of a shown answer, as it would be shown."""
    try:
        return repr(getattr(builtins, function)(_literal(answer)))
    except (TypeError, ValueError, RecursionError):
        return None


def _literal(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        raise _CannotKeepError("not every value is shown whole") from None


def _expecting(names: str, node: ast.stmt) -> ast.stmt:
    """Return ``node`` in a block that expects one of the exceptions."""
    classes = [name for name in names.split(" or ") if name.isidentifier()]
    expected = ", ".join(classes) if classes else "Exception"
    block = ast.parse(f"with pytest.raises(({expected})):\n    pass").body[0]
    assert isinstance(block, ast.With)
    block.body = [node]
    return block


def _within(body: Sequence[ast.stmt], seconds: float) -> list[ast.stmt]:
    """Return ``body`` with an alarm: plain pytest has no time limit."""
    text = (
        "import signal\n"
        "def too_slow(*_):\n"
        f"    raise TimeoutError('longer than {seconds:g} s')\n"
        "signal.signal(signal.SIGALRM, too_slow)\n"
        f"signal.setitimer(signal.ITIMER_REAL, {float(seconds)!r})\n"
        "try:\n    pass\nfinally:\n    signal.setitimer(signal.ITIMER_REAL, 0)"
    )
    statements = ast.parse(text).body
    guarded = statements[-1]
    assert isinstance(guarded, ast.Try)
    guarded.body = list(body)
    return statements


def _imports(body: Sequence[ast.stmt], problem: Problem, script: _Script) -> Iterator[ast.stmt]:
    """Yield the imports of all names that ``body`` uses and does not define."""
    symbols = problem.manifest.symbols
    declared = {*symbols.functions, *symbols.classes, *symbols.exceptions}
    names = [node for part in body for node in ast.walk(part) if isinstance(node, ast.Name)]
    defined = {name.id for name in names if isinstance(name.ctx, ast.Store)} | {*script.answers}
    defined |= {"too_slow", "signal", "_", "__", "answers"}
    of_module = {name for step in script.steps for name in _names_of_module(step.node)}
    own: dict[str, None] = {}
    for name in dict.fromkeys(each.id for each in names):
        if name in defined:
            continue
        if name in declared or (name in of_module and not hasattr(builtins, name)):
            own[name] = None
        elif name == "pytest":
            yield ast.Import([ast.alias("pytest")])
        elif name in ("inf", "nan"):
            yield ast.ImportFrom("math", [ast.alias(name)], 0)
        elif name in _LIBRARY:
            module = _LIBRARY[name]
            alias = [ast.alias(name)]
            yield ast.ImportFrom(module, alias, 0) if module else ast.Import(alias)
        elif name not in _BUILTINS and not _is_exception(name):
            raise _CannotKeepError("it uses an object that came inside of an answer")
    if own:
        yield ast.ImportFrom(problem.manifest.module, [ast.alias(name) for name in own], 0)


def _names_of_module(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a shown call takes from the solution's module: functions, constants."""
    if isinstance(statement, ast.Expr | ast.Assign):
        value = statement.value
        root = value.func if isinstance(value, ast.Call) else value
        if isinstance(root, ast.Name):
            yield root.id


def _is_exception(name: str) -> bool:
    known = getattr(builtins, name, None)
    return isinstance(known, type) and issubclass(known, BaseException)


def _function(name: str, title: str, body: Sequence[ast.stmt]) -> str:
    """Return the text of the test function; ``title`` becomes its docstring."""
    (made,) = ast.parse(f"def {name}():\n    pass").body
    assert isinstance(made, ast.FunctionDef)
    made.body = [*([ast.Expr(ast.Constant(title))] if title else []), *body]
    return ast.unparse(ast.fix_missing_locations(made))
