"""Objects of a suite that a solution is given: which of their methods it may call.

Only what the suite's author has written or named: functions of the suite's own files, what a
``SimpleNamespace`` is made of, and the children of a mock. Whatever else an object has would lead
the solution to the judge itself: a path reads files, a test case skips itself, a mock forgets what
it has seen.
"""

from __future__ import annotations

import abc
import sys
import typing
from collections.abc import Callable
from inspect import getattr_static
from types import FunctionType, MethodType, SimpleNamespace
from typing import Any

_NEUTRAL = (object, abc.ABC, typing.Generic, typing.Protocol)
"""Bases without methods of their own."""
_ITERATORS_OF = ("builtins", "itertools")


class OwnObjects:
    """Tells what a solution may do with an object of the suite that lies in the folder ``root``."""

    def __init__(self, root: str = "") -> None:
        self._root = root.rstrip("/") + "/" if root else ""

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

    def holds(self, path: str | None) -> bool:
        """Tell whether a file belongs to the suite."""
        return bool(self._root) and str(path).startswith(self._root)


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
