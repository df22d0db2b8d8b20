"""From what ended a case to a verdict and the one line a candidate reads."""

from __future__ import annotations

import contextlib
import operator
import re
import signal
import sys
import traceback
from collections.abc import Callable, Collection, Iterator
from typing import Any

import pytest

from harness.guest.exceptions import MAX_TEXT
from harness.guest.values import LostFactoryError
from harness.judge.classes import shown_as
from harness.judge.link import BoxFault
from harness.judge.objects import Method, SuiteError, WrongTypeError, is_handle, is_local
from harness.judge.proxy import Symbol, plain_value
from harness.judge.raised import RemoteOrigin
from harness.judge.transcript import printable, render_value
from harness.model.frozen import frozen
from harness.model.judgement import Cause, SourceLine, Verdict
from harness.model.limits import Limits
from harness.sandbox.backend import BoxEnd
from harness.words import exceptions_text, expected_text

_MEMORY_SHARE = 0.8
"""Share of the memory limit from which on a sudden death is put down to memory."""

_NO_EXCEPTION_CLASS = re.compile(
    r"assertRaises\w*\(\) arg 1 must be an exception type"
    r"|expected exception must be a BaseException type"
    r"|Expected a BaseException type"
)
"""How the message begins when pytest or unittest shall expect something that is not an exception
class. Only the beginning is matched: further on there may be words of the solution."""

_KEYED = (set, frozenset, dict)
_CONTAINERS = (list, tuple, set, frozenset)
DIFFERS = "the answer differs from what is expected"
_LONG_MESSAGE = 160
_MOST_WORDS = 20_000
"""Characters of an exception's text that are looked at; an answer may have made it long."""
_OF_OBJECTS = (
    "objects of the solution stay in the box: give the library what they hold, and ask for their"
    " kind by isinstance"
)
_UNUSABLE = "an answer cannot be used as the suite uses it"
_SHORT_VALUE = 60

_OPERATORS: dict[str, Callable[[Any, Any], object]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
}

_COMPARED = ("==", "is", "!=", "is not", "<", "<=", ">", ">=")


@frozen
class Comparison:
    """The two sides of a failed ``assert actual OP expected``."""

    op: str
    left: object
    right: object
    is_named: bool = False
    """Whether a method of unittest says so; else pytest's words have to."""


@frozen
class Explanation:
    """A verdict and its reason, without a line of the suite."""

    verdict: Verdict
    message: str = ""
    expected: str | None = None
    actual: str | None = None
    where: str = ""
    source: SourceLine | None = None
    cause: Cause = Cause.OTHER
    if_answer: Explanation | None = None
    """What it is instead when the reference passes the case: then the answer is to blame."""


def of_import(origin: RemoteOrigin) -> Explanation:
    """Explain that the solution could not be imported."""
    message = f"importing the solution failed with {_exception_text(origin)}"
    return Explanation(Verdict.IMPORT_ERROR, message, where=origin.where, source=origin.source)


def of_fault(fault: BoxFault, end: BoxEnd, limits: Limits) -> Explanation:
    """Explain why the box could not be used any more."""
    died = fault.verdict is Verdict.RUNTIME_ERROR
    if died and _used_up_its_time(end, limits):
        text = f"used more than {limits.cpu_seconds} s of processor time"
        return Explanation(Verdict.TIME_LIMIT, text)
    if not died or not end.ended_itself:
        return Explanation(fault.verdict, fault.text)
    if end.exit_code < 0 and end.max_rss_kb << 10 >= _MEMORY_SHARE * limits.memory_bytes:
        text = f"used more than {limits.memory_bytes >> 20} MiB of memory"
        return Explanation(Verdict.MEMORY_LIMIT, text)
    if end.exit_code < 0:
        name = signal.Signals(-end.exit_code).name
        return Explanation(Verdict.RUNTIME_ERROR, f"the solution's process was ended by {name}")
    text = f"the solution ended its own process (exit code {end.exit_code})"
    return Explanation(Verdict.RUNTIME_ERROR, text)


def _used_up_its_time(end: BoxEnd, limits: Limits) -> bool:
    """Return whether the kernel ended the box; by SIGKILL when it ignores SIGXCPU.

    Such an end can be mistaken for the one by the zygote, which follows at once.
    """
    if -end.exit_code == signal.SIGXCPU:
        return True
    return -end.exit_code == signal.SIGKILL and end.cpu_seconds >= limits.cpu_seconds


def compare(op: str, left: object, right: object, *, is_named: bool = False) -> Comparison | None:
    """Note a comparison that pytest explains; None when it holds and something else failed.

    To be called while the session is silent: the box is not asked again.
    """
    try:
        left, right = shown_as(plain_value(left)), shown_as(plain_value(right))
        holds = bool(_OPERATORS[op](left, right))
    except Exception:  # handles cannot be compared without the box; then it is the one that failed
        holds = False
    return None if holds else Comparison(op, left, right, is_named)


def of_failure(
    failure: BaseException,
    comparison: Comparison | None,
    *,
    asked: bool,
    in_fixture: bool = False,
    is_assertion: bool = False,
) -> Explanation:
    """Explain an exception that ended the case.

    ``asked``: the solution was called before, in a fixture by that fixture. ``is_assertion``: what
    failed is an assertion, whatever the class of ``failure``.
    """
    origin = getattr(failure, "harness_origin", None)
    if isinstance(origin, RemoteOrigin):
        return _of_origin(origin)
    if isinstance(failure, AttributeError) and isinstance(failure.obj, BaseException):
        raised = getattr(failure.obj, "harness_origin", None)
        if isinstance(raised, RemoteOrigin):  # as for any object of the solution
            name = printable(raised.name)
            text = f"AttributeError: '{name}' object has no attribute '{failure.name}'"
            return Explanation(Verdict.RUNTIME_ERROR, text, cause=Cause.EXCEPTION)
    if isinstance(failure, BoxFault):  # of an earlier case's box
        return Explanation(failure.verdict, failure.text)
    if isinstance(failure, SuiteError):
        return _at_fault(_words(failure), Explanation(Verdict.RUNTIME_ERROR, _UNUSABLE))
    if isinstance(failure, pytest.skip.Exception):
        return Explanation(Verdict.SKIPPED, _words(failure))
    is_assertion = is_assertion or isinstance(failure, AssertionError)
    if is_assertion or isinstance(failure, pytest.fail.Exception):
        of_kind = _of_assertion if is_assertion else _of_pytest_fail
        found = of_kind(failure, comparison)
        if in_fixture and not asked and found.verdict is Verdict.WRONG_ANSWER:
            return _at_fault(_trusted_text(failure), found)
        return found
    return _of_suites_exception(failure, is_the_authors=in_fixture or not asked)


def _of_origin(origin: RemoteOrigin) -> Explanation:
    if origin.type_name == "MemoryError":
        return Explanation(Verdict.MEMORY_LIMIT, "the solution ran out of memory")
    text = _exception_text(origin)
    return Explanation(
        Verdict.RUNTIME_ERROR,
        text,
        where=origin.where,
        source=origin.source,
        cause=Cause.EXCEPTION,
    )


def _of_suites_exception(failure: BaseException, *, is_the_authors: bool) -> Explanation:
    """Explain what the suite's own code raised. ``is_the_authors``: likely not for an answer."""
    kind = type(failure).__name__
    if isinstance(failure, MemoryError):
        text = "the suite ran out of memory over an answer"
    elif isinstance(failure, WrongTypeError | LostFactoryError):
        text = _words(failure)
    elif rule := _rule(failure):
        text = rule
    else:
        # Trusted code tripped over an answer, e.g. indexed a None: that answer was wrong.
        text = f"an answer is not of the kind the statement asks for ({kind})"
    is_object = isinstance(failure, WrongTypeError) and holds_object(failure.got)
    cause = Cause.OBJECT if is_object else Cause.OTHER
    wrong = Explanation(Verdict.WRONG_ANSWER, text, cause=cause)
    if isinstance(failure, TypeError) and _NO_EXCEPTION_CLASS.match(_words(failure)):
        text = "it expects an exception that problem.toml does not declare in [levels.symbols]"
        return _at_fault(text, wrong)
    # A variable without a value is not the suite's mistake: its loop over an answer never began.
    unknown_name = isinstance(failure, NameError) and not isinstance(failure, UnboundLocalError)
    if is_the_authors or unknown_name:
        return _at_fault(_rule(failure) or _trusted_text(failure), wrong)
    return wrong


def _rule(failure: BaseException) -> str:
    """Return the rule of the wire that the suite's own code has met, empty when it met none."""
    if swallowed := getattr(failure, "harness_swallowed", ""):
        return str(swallowed)
    if isinstance(failure, AttributeError):
        text = f"a suite cannot ask the solution for {failure.name}"
        return text if _is_ours(failure.obj) and is_local(failure.name or "") else ""
    if not isinstance(failure, TypeError):
        return ""
    if "match pattern" in _words(failure):
        return _OF_OBJECTS
    frames = [frame for frame, _ in traceback.walk_tb(failure.__traceback__)]
    if not frames:
        return ""
    frame = frames[-1]
    module = str(frame.f_globals.get("__name__")).split(".")[0]
    is_of_library = module in sys.stdlib_module_names
    return _OF_OBJECTS if is_of_library and any(map(_is_ours, frame.f_locals.values())) else ""


def _is_ours(value: object) -> bool:
    return is_handle(value) or type(value) is Symbol


def _at_fault(text: str, if_answer: Explanation) -> Explanation:
    text = f"the suite itself is at fault: {text}"
    return Explanation(Verdict.JUDGE_ERROR, text, if_answer=if_answer)


def of_collection(failure: BaseException, path: str, name: str) -> tuple[str, int | None]:
    """Say why the suite at ``path`` cannot be read, and in which line; quotes nothing of it."""
    error = failure.__cause__ or failure  # pytest wraps what an import raised
    line = error.lineno if isinstance(error, SyntaxError) and error.filename == path else None
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == path:
            line = step.tb_lineno
        step = step.tb_next
    place = f"{name}:{line}" if line else name
    if isinstance(error, ModuleNotFoundError) and error.name and line:
        text = (
            f"the suite {place} imports {printable(error.name)}, which is not there; a suite "
            "imports only the solution, pytest and the standard library: copy into it what it needs"
        )
        return text, line
    return f"the suite {place} cannot be read: {_trusted_text(error)}", line


def _of_assertion(failure: BaseException, comparison: Comparison | None) -> Explanation:
    text = _words(failure)
    own_words = text.split("\n", 1)[0][:300]
    if text.startswith(("Regex pattern did not match", "\n- ")):
        own_words = "the exception's message is not the one that the statement fixes"
    elif own_words.startswith("assert "):
        own_words = ""
    is_said = comparison is not None and (comparison.is_named or f" {comparison.op} " in text)
    if comparison is None or not is_said:
        return Explanation(Verdict.WRONG_ANSWER, own_words) if own_words else _of_truth(text)
    left, right = render_value(comparison.left), render_value(comparison.right)
    if comparison.op in ("in", "not in"):
        opposite = "not in" if comparison.op == "in" else "in"
        expected, actual = f"{left} {comparison.op} {right}", f"{left} {opposite} {right}"
        default = f"expected {expected}"
        short = "a value is missing" if comparison.op == "in" else "a value should not be there"
    else:
        expected, actual = expected_text(comparison.op, right), left
        default = f"expected {expected}, got {actual}"
        short = where_they_differ(comparison.right, comparison.left)
    if own_words:
        return Explanation(Verdict.WRONG_ANSWER, own_words, expected, actual)
    fits = len(default) <= _LONG_MESSAGE
    cause = Cause.OTHER
    if holds_object(comparison.left) or holds_object(comparison.right):
        cause = Cause.OBJECT
    elif comparison.op in _COMPARED and (fits or not short):
        cause = Cause.VALUES
    message = default if fits else short or DIFFERS
    return Explanation(Verdict.WRONG_ANSWER, message, expected, actual, cause=cause)


def holds_object(value: object) -> bool:
    """Return whether ``value`` is an object that stays in the box, or a container of one."""
    # The class of a method may say that it is a container.
    return any(is_handle(part) or type(part) is Method for part in parts_of(value))


def parts_of(value: object) -> Iterator[object]:
    """Yield ``value`` and, if it is a container, what it holds, each once."""
    open_parts, seen = [value], {id(value)}
    while open_parts:
        part = open_parts.pop()
        yield part
        if is_handle(part) or type(part) is Method:
            continue
        inner = (*part, *part.values()) if isinstance(part, dict) else part
        kind: Any = next((each for each in _CONTAINERS if isinstance(inner, each)), None)
        if kind is not None:  # the class of an answer may have another way to go through it
            new = [each for each in kind.__iter__(inner) if id(each) not in seen]
            seen.update(map(id, new))
            open_parts += new


def _of_truth(text: str) -> Explanation:
    """Explain a bare ``assert answer`` or ``assert not answer`` from pytest's own words."""
    match = re.match(r"assert (?P<negated>not )?(?P<value>.*)\n \+  where (?P=value) = ", text)
    if match is None or len(match["value"]) > _LONG_MESSAGE:
        return Explanation(Verdict.WRONG_ANSWER, "a condition of the case does not hold")
    message = f"expected a {'false' if match['negated'] else 'true'} value, got {match['value']}"
    return Explanation(Verdict.WRONG_ANSWER, message, cause=Cause.TRUTH)


def where_they_differ(expected: object, actual: object) -> str:
    """Say in a few words where two values, too long to show side by side, begin to differ.

    Empty when only the whole values say it.
    """
    if type(expected) is not type(actual):
        return f"expected a {type(expected).__name__}, got a {type(actual).__name__}"
    # They may contain a name of the solution, which only the box could compare.
    with contextlib.suppress(Exception):
        if isinstance(expected, list | tuple | str) and isinstance(actual, list | tuple | str):
            return _difference_in_order(expected, actual)
        if isinstance(expected, _KEYED) and isinstance(actual, _KEYED):
            return _difference_of_keys(expected, actual)
    return ""


def _difference_in_order(
    expected: list[Any] | tuple[Any, ...] | str, actual: list[Any] | tuple[Any, ...] | str
) -> str:
    for index, (wanted, got) in enumerate(zip(expected, actual, strict=False)):
        if wanted != got:
            where = f"the first difference is at index {index}"
            return f"{where}: expected {_short(wanted)}, got {_short(got)}"
    right = min(len(expected), len(actual))
    rest = f"; the first {right} are right" if right else ""
    return f"expected a length of {len(expected)}, got {len(actual)}{rest}"


def _difference_of_keys(expected: Collection[Any], actual: Collection[Any]) -> str:
    word = "key" if isinstance(expected, dict) else "element"
    for key in expected:
        if key not in actual:
            return f"the {word} {_short(key)} is missing"
    for key in actual:
        if key not in expected:
            return f"there should be no {word} {_short(key)}"
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, wanted in expected.items():
            if wanted != actual[key]:
                return f"at key {_short(key)}: expected {_short(wanted)}, got {_short(actual[key])}"
    return ""


def _short(value: object) -> str:
    text = render_value(value)
    return text if len(text) <= _SHORT_VALUE else f"{text[: _SHORT_VALUE - 2]} …"


def _of_pytest_fail(failure: BaseException, _: Comparison | None) -> Explanation:
    first_line = _words(failure).split("\n", 1)[0][:300]
    if first_line.startswith("async def functions are not"):
        text = "the suite itself is at fault: an async test function; call asyncio.run in the case"
        return Explanation(Verdict.JUDGE_ERROR, text)
    if not first_line.startswith("DID NOT RAISE"):
        return Explanation(Verdict.WRONG_ANSWER, first_line)
    names = re.findall(r"(\w+)(?='>|,|\)|$)", first_line)
    wanted = " or ".join(names)
    return Explanation(
        Verdict.WRONG_ANSWER,
        f"expected {wanted} to be raised",
        exceptions_text(names),
        "no exception",
    )


def _trusted_text(failure: BaseException) -> str:
    if isinstance(failure, pytest.FixtureLookupError):
        return f"there is no fixture '{failure.argname}'"
    first_line = _words(failure).split("\n", 1)[0][:300]
    name = type(failure).__name__
    return f"{name}: {first_line}" if first_line else name


def _words(failure: BaseException) -> str:
    """``str(failure)``; empty when it contains an object that only the box can print."""
    try:
        return printable(str(failure)[:_MOST_WORDS])
    except Exception:
        return ""


def _exception_text(origin: RemoteOrigin) -> str:
    first_line = origin.text.split("\n", 1)[0][:MAX_TEXT]
    return f"{origin.name}: {first_line}" if first_line else origin.name
