"""Functions and objects of a suite that a solution is given: which of their methods it may call.

Only what the suite's author has written or named: functions of the suite's own files, what a
``SimpleNamespace`` is made of, and the children of a mock. Whatever else an object has would lead
the solution to the judge itself: a path reads files, a test case skips itself, a mock forgets what
it has seen.
"""

from __future__ import annotations

import abc
import sys
import threading
import typing
from collections.abc import Callable, Iterator
from enum import Enum
from inspect import getattr_static
from types import FunctionType, MethodType, SimpleNamespace
from typing import Any

from harness.guest.codec import MalformedError, Node, UnsendableError
from harness.guest.exceptions import MAX_TEXT
from harness.guest.sources import innermost, is_at_raise
from harness.judge.transcript import printable

_INSTEAD = {
    "PosixPath": "its str()",
    "ZoneInfo": "its str()",
    "Pattern": "its pattern, a str",
    "module": "the functions of it that are needed",
    "coroutine": "what it returns (a patch without `new` makes an AsyncMock: give it a function)",
    "dict_keys": "a list of them",
    "dict_values": "a list of them",
    "dict_items": "a list of them",
    "StringIO": "its getvalue()",
}
"""What to write in a suite instead of a value that cannot cross to the box, by its type."""
_LONGEST_VALUE = 60
_NEUTRAL = (object, abc.ABC, typing.Generic, typing.Protocol)
"""Bases without methods of their own."""
_MAY_RAISE = (__name__, "unittest.mock")
_ITERATORS_OF = ("builtins", "itertools")


class OwnObjects:
    """What one box is given of the suite that lies in the folder ``root``: functions, and objects.

    An object goes as the function that gives its methods. Safe for several threads.
    """

    def __init__(self, root: str = "") -> None:
        self._root = root.rstrip("/") + "/" if root else ""
        self.names: list[str] = []
        """Names of the functions, by the number under which they cross."""
        self._functions: list[Callable[..., Any]] = []
        self._numbers: dict[tuple[int, int], int] = {}
        self._objects: dict[int, object] = {}
        """By the number of the function for each."""
        self._getters: dict[int, Callable[[object], Any]] = {}
        """The function for each object, by the object's identity."""
        self._lock = threading.Lock()

    def node(self, value: Any) -> Node:
        """Return the node of what is no plain value. Raises :class:`UnsendableError`."""
        if self.may_cross(value):
            getter = self._getters.setdefault(id(value), self._getter(value))
            number = self._number(getter)
            self._objects[number] = value
            return {"o": [number, type(value).__name__[:MAX_TEXT], callable(value)]}
        if callable(value):
            return {"c": [self._number(value), *_names_of(value)]}
        if self.is_iterator(value):
            return {"n": self._number(value.__next__)}
        raise unsendable(value)

    def function(self, number: Node) -> Callable[..., Any]:
        """Return a function that was given. Raises :class:`MalformedError`."""
        if type(number) is not int or not 0 <= number < len(self._functions):
            raise MalformedError("a callback that was never handed out")
        return self._functions[number]

    def given_object(self, number: Node) -> Any:
        """Return an object that was given. Raises :class:`MalformedError`."""
        if type(number) is not int or number not in self._objects:
            raise MalformedError("an object that was never handed out")
        return self._objects[number]

    def _getter(self, value: Any) -> Callable[[object], Any]:
        """Return the function that gives the box the methods of an object."""

        def method(name: object) -> Any:
            if name == "__call__" and callable(value):
                return value.__call__  # a mere function: the value itself would cross as itself
            found = self.method(value, name)
            if found is None:
                named = name[:_LONGEST_VALUE] if type(name) is str else "of such a name"
                raise AttributeError(
                    f"{type(value).__name__} of the suite has no method {named}: a solution can use"
                    " the methods that the suite itself defines, and no other attributes"
                )
            return found

        return method

    def _number(self, function: Callable[..., Any]) -> int:
        """Return the number of a function; the same for each passing of the same function."""
        key = (id(function), 0)
        if isinstance(function, MethodType):  # made anew by each look-up
            key = (id(function.__self__), id(function.__func__))
        with self._lock:
            number = self._numbers.setdefault(key, len(self._functions))
            if number == len(self._functions):
                self.names.append(getattr(function, "__name__", "function"))
                self._functions.append(function)
        return number

    def may_cross(self, value: object) -> bool:
        """Tell whether a solution may be given ``value`` as an object with methods."""
        if type(value) is SimpleNamespace or _is_mock(value):
            return True
        return self._is_of_own_class(value) and any(
            self.method(value, name) is not None
            for name in {*dir(type(value)), *_held_by(value)}
            if not name.startswith("_")
        )

    def is_iterator(self, value: object) -> bool:
        """Tell whether a solution may ask ``value`` for one item after another."""
        kind = type(value)
        if not hasattr(kind, "__next__") or not hasattr(kind, "__iter__"):
            return False
        return kind.__module__ in _ITERATORS_OF or self._is_of_own_class(value)

    def method(self, value: Any, name: object) -> Callable[..., Any] | None:
        """Return the method of this name that a solution may call, None when there is none."""
        if type(name) is not str or name.startswith("_"):
            return None
        own = _held_by(value).get(name)
        if type(value) is SimpleNamespace:
            return own if callable(own) else None
        if self._is_function(own):
            return own
        if _is_mock(value):
            return _child(value, name)
        if own is not None:
            return None
        found = getattr_static(type(value), name, None)
        function = found.__func__ if isinstance(found, staticmethod) else found
        return getattr(value, name) if self._is_function(function) else None

    def _is_of_own_class(self, value: object) -> bool:
        return all(
            cls in _NEUTRAL or self.holds(getattr(sys.modules.get(cls.__module__), "__file__", ""))
            for cls in type(value).__mro__
        )

    def _is_function(self, value: object) -> bool:
        function = value.__func__ if isinstance(value, MethodType) else value
        if type(function) is not FunctionType:
            return False
        is_autospec = _is_mock(getattr(function, "mock", None))
        return is_autospec or self.holds(function.__code__.co_filename)

    def may_quote(self, error: Exception, args: list[Any]) -> bool:
        """Tell whether the words of an exception of the suite's may go to the box.

        Those of a `raise` in the suite, in a mock, or of ours; and of a key that the box has sent.
        The words of what went wrong by accident may quote what the suite knows.
        """
        if type(error) is KeyError and error.args:
            key = error.args[0]
            if type(key) in (str, int) and any(
                type(arg) is type(key) and arg == key for arg in args
            ):
                return True
        step = innermost(error.__traceback__)
        if step is None or not is_at_raise(step):
            return False
        name = step.tb_frame.f_globals.get("__name__")
        return name in _MAY_RAISE or self.holds(step.tb_frame.f_code.co_filename)

    def holds(self, path: str | None) -> bool:
        """Tell whether a file belongs to the suite."""
        return bool(self._root) and str(path).startswith(self._root)


def crossing_words(error: Exception) -> str:
    """Return the words of an exception of the suite's, as they cross to the box."""
    if isinstance(error, KeyError) and len(error.args) == 1:
        return str(error.args[0])[:MAX_TEXT]  # str(error) would quote it
    return str(error)[:MAX_TEXT]


def _names_of(function: Any) -> tuple[str, str | None]:
    """Return name and docstring of a function, which a decorator of the solution may keep."""
    name, doc = getattr(function, "__name__", None), getattr(function, "__doc__", None)
    return (
        name[:MAX_TEXT] if type(name) is str else "function",
        doc[:MAX_TEXT] if type(doc) is str else None,
    )


def _held_by(value: object) -> dict[str, Any]:
    """Return what an object itself holds, without asking its class."""
    try:
        own: dict[str, Any] = object.__getattribute__(value, "__dict__")
    except AttributeError:  # it has slots
        return {}
    return own


def _is_mock(value: object) -> bool:
    mock = sys.modules.get("unittest.mock")
    return mock is not None and isinstance(value, mock.NonCallableMock)


def _child(mock: Any, name: str) -> Callable[..., Any] | None:
    """Return what a solution may call of a mock: what a test would look at, not the mock's own."""
    if getattr_static(type(mock), name, None) is not None:
        return None
    child = getattr(mock, name, None)
    return child if _is_mock(child) and callable(child) else None


def unsendable(value: object) -> UnsendableError:
    """Say that a value of a suite cannot be sent, and what its author can write instead."""
    kind = type(value).__name__
    instead = _INSTEAD.get(kind) or _of_its_parts(value)
    text = printable(repr(value))  # its repr is as trusted as the suite
    shown = text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
    return UnsendableError(f"a value of type {kind} cannot be sent: {shown}; pass {instead}")


def _of_its_parts(value: object) -> str:
    if hasattr(value, "__dataclass_fields__"):
        return "a dict or a tuple of its fields"
    if isinstance(value, Enum):
        return "its value"
    if isinstance(value, Iterator):
        return "a list of what it yields"
    methods = [
        name
        for name in vars(type(value))
        if not name.startswith("_") and callable(getattr(type(value), name))
    ]
    if methods:
        return f"what it holds as plain values, or a method of it as a function (.{methods[0]})"
    return "what it holds as plain values"
