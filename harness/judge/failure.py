"""The first failure of a case: what was raised, in which part of the case, over which values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Any

import pytest

from harness.judge import explain
from harness.judge.explain import Comparison
from harness.model.frozen import frozen

_UNITTEST_FIXTURES = frozenset({"_callSetUp", "_callTearDown", "_callCleanup"})
"""Methods of ``unittest.TestCase`` that run what belongs to the author, within pytest's call."""

_COMPARED_BY = {
    **dict.fromkeys(("assertEqual", "assertAlmostEqual", "assertCountEqual"), "=="),
    **dict.fromkeys(("assertListEqual", "assertTupleEqual", "assertSequenceEqual"), "=="),
    **dict.fromkeys(("assertSetEqual", "assertDictEqual", "assertMultiLineEqual"), "=="),
    **dict.fromkeys(("assertNotEqual", "assertNotAlmostEqual"), "!="),
    "assertIs": "is",
    "assertIsNot": "is not",
    "assertIn": "in",
    "assertNotIn": "not in",
    "assertLess": "<",
    "assertLessEqual": "<=",
    "assertGreater": ">",
    "assertGreaterEqual": ">=",
}
"""The operator that each assertion of unittest stands for, between its first two arguments."""

_OTHER_NAMES = {"assertCountEqual": ("first_seq", "second_seq")}
"""The variables with the two values, where they are not the arguments."""


@frozen
class Failure:
    """The first exception of a case."""

    error: BaseException
    comparison: Comparison | None = None
    asked: bool = False
    """Whether the solution was called before it, in the case or in the fixture that failed."""
    in_fixture: bool = False
    is_assertion: bool = False
    """Whether it is one by the test class, whatever its own class."""


class Errors(list[BaseException]):
    """Exceptions that fail a case whatever follows. ``on_error`` hears of each at once."""

    def __init__(self, on_error: Callable[[], None]) -> None:
        super().__init__()
        self._on_error = on_error

    def append(self, error: BaseException) -> None:
        """Note an exception."""
        self._on_error()
        super().append(error)


def hear_of_failures(item: pytest.Item, on_failure: Callable[[], None]) -> None:
    """Have ``on_failure`` called when a case of unittest fails, and not only after its tearDown."""
    for name in ("addError", "addFailure"):
        method = getattr(item, name, None)
        if method is not None:
            setattr(item, name, _after(on_failure, method))


def _after(first: Callable[[], None], method: Callable[..., None]) -> Callable[..., None]:
    def add(*arguments: Any) -> None:
        first()
        method(*arguments)

    return add


def is_of_fixture(when: str, error: BaseException) -> bool:
    """Tell whether ``error`` was raised in what prepares a case or cleans up after it."""
    if when != "call":
        return True
    return any(frame.f_code.co_name in _UNITTEST_FIXTURES for frame in _of_unittest(error))


def is_assertion(item: pytest.Item, error: BaseException) -> bool:
    """Tell whether an assertion of a test class failed, with whatever exception it declares."""
    kind = getattr(getattr(item, "cls", None), "failureException", None)
    if not isinstance(kind, type) or not isinstance(error, kind):
        return False
    frames = list(_frames(error))
    return bool(frames) and "__unittest" in frames[-1].f_globals


def is_failure(item: pytest.Item, error: BaseException) -> bool:
    """Tell whether ``error`` says that a check of a case failed."""
    return isinstance(error, AssertionError | pytest.fail.Exception) or is_assertion(item, error)


def compared(error: BaseException) -> Comparison | None:
    """Return the two values of an assertion of unittest that failed."""
    for frame in _of_unittest(error):
        code, values = frame.f_code, frame.f_locals
        if code.co_name in ("assertIsNone", "assertIsNotNone"):
            op = "is" if code.co_name == "assertIsNone" else "is not"
            return Comparison(op, values.get("obj"), None, is_named=True)
        if code.co_name in _COMPARED_BY:
            names = _OTHER_NAMES.get(code.co_name, code.co_varnames[1:3])
            left, right = (values.get(name) for name in names)
            return explain.compare(_COMPARED_BY[code.co_name], left, right, is_named=True)
    return None


def _of_unittest(error: BaseException) -> Iterable[FrameType]:
    return (frame for frame in _frames(error) if "__unittest" in frame.f_globals)


def _frames(error: BaseException) -> Iterator[FrameType]:
    step = error.__traceback__
    while step is not None:
        yield step.tb_frame
        step = step.tb_next
