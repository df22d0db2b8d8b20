"""From what ended a case to a verdict and the one line a candidate reads."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass

import pytest

from harness.judge.link import BoxFault
from harness.judge.order import Order
from harness.judge.session import RemoteOrigin, SuiteError
from harness.judge.transcript import render_value
from harness.model.verdict import Verdict
from harness.sandbox.backend import BoxEnd

_MEMORY_SHARE = 0.8
"""Share of the memory limit from which on a sudden death is put down to memory."""

_PHRASES = {
    "==": "{}",
    "is": "{}",
    "!=": "anything but {}",
    "is not": "anything but {}",
    "in": "one of {}",
    "not in": "none of {}",
    "<": "less than {}",
    "<=": "at most {}",
    ">": "more than {}",
    ">=": "at least {}",
}


@dataclass(frozen=True)
class Comparison:
    """The two sides of a failed ``assert actual OP expected``."""

    op: str
    left: object
    right: object


@dataclass(frozen=True)
class Explanation:
    """A verdict and its reason, without a line of the suite."""

    verdict: Verdict
    message: str = ""
    expected: str | None = None
    actual: str | None = None
    where: str = ""


def of_import(origin: RemoteOrigin) -> Explanation:
    """Explain that the solution could not be imported."""
    message = f"importing the solution failed with {_exception_text(origin)}"
    return Explanation(Verdict.IMPORT_ERROR, message, where=origin.where)


def of_fault(fault: BoxFault, end: BoxEnd, order: Order) -> Explanation:
    """Explain why the box was of no use any more."""
    if fault.verdict is not Verdict.RUNTIME_ERROR or not end.ended_itself:
        if fault.verdict is Verdict.TIME_LIMIT and "time limit" in fault.text:
            text = f"no answer within {order.wall_seconds:g} s"
            return Explanation(Verdict.TIME_LIMIT, text)
        return Explanation(fault.verdict, fault.text)
    if -end.exit_code == signal.SIGXCPU or (
        -end.exit_code == signal.SIGKILL and end.cpu_seconds >= order.cpu_seconds
    ):
        text = f"used more than {order.cpu_seconds} s of processor time"
        return Explanation(Verdict.TIME_LIMIT, text)
    if end.exit_code < 0 and end.max_rss_kb >= _MEMORY_SHARE * order.memory_mb * 1024:
        return _memory_limit(order.memory_mb)
    if end.exit_code < 0:
        name = signal.Signals(-end.exit_code).name
        return Explanation(Verdict.RUNTIME_ERROR, f"the solution's process was ended by {name}")
    text = f"the solution ended its own process (exit code {end.exit_code})"
    return Explanation(Verdict.RUNTIME_ERROR, text)


def of_failure(
    failure: BaseException, comparison: Comparison | None, *, asked: bool
) -> Explanation:
    """Explain an exception that ended the case. ``asked``: the solution was called before."""
    origin = getattr(failure, "harness_origin", None)
    if isinstance(origin, RemoteOrigin):
        if origin.type_name == "MemoryError":
            return Explanation(Verdict.MEMORY_LIMIT, "the solution ran out of memory")
        return Explanation(Verdict.RUNTIME_ERROR, _exception_text(origin), where=origin.where)
    if isinstance(failure, SuiteError):
        return Explanation(Verdict.JUDGE_ERROR, f"the suite itself is at fault: {failure}")
    if isinstance(failure, pytest.skip.Exception):
        return Explanation(Verdict.SKIPPED, str(failure))
    if isinstance(failure, AssertionError):
        return _of_assertion(failure, comparison)
    if isinstance(failure, pytest.fail.Exception):
        return _of_pytest_fail(str(failure))
    if not asked:
        text = f"the suite failed before it called the solution: {type(failure).__name__}"
        return Explanation(Verdict.JUDGE_ERROR, text)
    # Trusted code tripped over an answer, e.g. indexed a None: that answer was wrong.
    text = f"an answer is not of the kind the statement asks for ({type(failure).__name__})"
    return Explanation(Verdict.WRONG_ANSWER, text)


def _of_assertion(failure: AssertionError, comparison: Comparison | None) -> Explanation:
    own_words = str(failure).split("\n", 1)[0]
    message = "" if own_words.startswith("assert ") or not own_words else own_words[:300]
    if comparison is None:
        return Explanation(Verdict.WRONG_ANSWER, message or "the answer does not hold")
    expected = _PHRASES.get(comparison.op, "{}").format(render_value(comparison.right))
    actual = render_value(comparison.left)
    default = f"expected {expected}, got {actual}"
    if len(default) > 160:
        default = "the answer differs from what is expected"
    return Explanation(Verdict.WRONG_ANSWER, message or default, expected, actual)


def _of_pytest_fail(text: str) -> Explanation:
    missing = re.match(r"DID NOT RAISE.*?(\w+)'?>?$", text.split("\n", 1)[0])
    if missing is None:
        return Explanation(Verdict.WRONG_ANSWER, text.split("\n", 1)[0][:300])
    name = missing[1]
    return Explanation(
        Verdict.WRONG_ANSWER,
        f"expected {name} to be raised",
        f"{name} raised",
        "no exception",
    )


def _memory_limit(memory_mb: int) -> Explanation:
    return Explanation(Verdict.MEMORY_LIMIT, f"used more than {memory_mb} MiB of memory")


def _exception_text(origin: RemoteOrigin) -> str:
    first_line = origin.text.split("\n", 1)[0]
    return f"{origin.type_name}: {first_line}" if first_line else origin.type_name
