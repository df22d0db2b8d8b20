"""What the module of a suite keeps between cases, for authors: a case should leave it as it is.

A state is read into plain tuples, without a call of anything that is the solution's. What cannot be
read (an open file, most iterators of C) never equals itself: it counts as changed.
"""

from __future__ import annotations

import contextlib
import copyreg
import functools
import itertools
import os
import random
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Mapping
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    GeneratorType,
    GenericAlias,
    MappingProxyType,
    MethodType,
    ModuleType,
)
from typing import Any

from harness.judge.classes import Valued
from harness.judge.objects import Handle, Method
from harness.judge.proxy import SolutionModule, Symbol

Form = object
"""What two states have in common if nothing has changed between them."""

_PLAIN = frozenset({int, float, complex, str, bytes, bool, type(None), type(...), range})
_FIXED = (ModuleType, CodeType, BuiltinFunctionType, GenericAlias)
"""What keeps nothing that a case would change."""
_SHOWN = (itertools.count, type(threading.Lock()), type(threading.RLock()))
"""What ``repr`` shows whole."""
_KEPT_BY_PYTHON = ("__dict__", "__weakref__", "__slotnames__")
_MOST_PARTS = 50_000
"""Of one name; more count as unreadable."""


class SuiteState:
    """The names of a suite's module, and of the process, whose values cases can change."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._before = self._read()

    def changes(self) -> list[str]:
        """Return the names whose values have changed since the last call, as the suite says them.

        What belongs to the process is named as the module of the standard library has it.
        """
        before, self._before = self._before, self._read()
        return [
            name
            for name in dict.fromkeys([*before, *self._before])
            # A library may add to its modules as it is used.
            if (name in before and name in self._before) or "." not in name
            if before.get(name) != self._before.get(name)
        ]

    def _read(self) -> dict[str, Form]:
        read: dict[str, Form] = {}
        for name, value in list(vars(self._module).items()):
            if type(value) is ModuleType:
                read |= {f"{name}.{each}": id(own) for each, own in _public(value)}
            elif not name.startswith(("__", "@")):
                read[name] = _Reading(self._module.__name__).form(value)
        return read | {name: value() for name, value in _OF_THE_PROCESS.items()}


def _public(module: ModuleType) -> list[tuple[str, object]]:
    return [pair for pair in list(vars(module).items()) if not pair[0].startswith("_")]


def _decimal_context() -> object:
    decimal = sys.modules.get("decimal")
    return repr(decimal.getcontext()) if decimal is not None else "usual"


_OF_THE_PROCESS: Mapping[str, Callable[[], object]] = {
    "random.getstate": lambda: hash(random.getstate()),
    "os.environ": lambda: hash(tuple(os.environ.items())),
    "os.getcwd": os.getcwd,
    "sys.getrecursionlimit": sys.getrecursionlimit,
    "decimal.getcontext": _decimal_context,
}


class _Reading:
    """Turns one value into its form. ``module``: whose functions and classes are looked into."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._seen: dict[int, int] = {}
        self._kept: list[object] = []
        """What was read, so that no number of an object is given twice."""

    def form(self, value: Any) -> Form:
        kind = type(value)
        if kind in _PLAIN:
            return (kind, repr(value) if kind in (float, complex) else value)
        if id(value) in self._seen:
            return ("again", self._seen[id(value)])
        self._seen[id(value)] = len(self._seen)
        self._kept.append(value)
        if len(self._seen) > _MOST_PARTS:
            return object()
        return kind, self._of_kind(value, kind)

    def _of_kind(self, value: Any, kind: type) -> Form:
        if kind in (list, tuple):
            return self._all(value)
        if kind in (set, frozenset):
            return frozenset(map(self._member, value))
        if kind in (dict, MappingProxyType):
            return self._pairs(value)
        if issubclass(kind, (*_FIXED, Handle, Method, Symbol, Valued, SolutionModule)):
            return id(value)  # of what is the solution's nothing is asked
        if kind is MethodType:
            return (id(value.__func__), self.form(value.__self__))
        if kind is FunctionType:
            return self._function(value)
        if isinstance(value, type):
            return self._class(value)
        if kind is functools._lru_cache_wrapper:
            return (value.cache_info().currsize, self.form(value.__wrapped__))
        if kind is GeneratorType:
            frame = value.gi_frame
            return frame and (frame.f_lasti, self._pairs(frame.f_locals))
        if kind in _SHOWN:
            return repr(value)
        return self._object(value)

    def _all(self, values: Iterable[Any]) -> Form:
        return tuple(map(self.form, values))

    def _pairs(self, pairs: Mapping[Any, Any]) -> Form:
        return tuple((self.form(key), self.form(value)) for key, value in list(pairs.items()))

    def _member(self, value: Any) -> Form:
        # The order of a set is chance: what is told by number elsewhere would differ with it.
        return _Reading(self._module).form(value)

    def _function(self, function: FunctionType) -> Form:
        if function.__module__ != self._module:
            return id(function)
        cells = []
        for cell in function.__closure__ or ():
            with contextlib.suppress(ValueError):  # it is empty
                cells.append(self.form(cell.cell_contents))
        kept = (function.__defaults__, function.__kwdefaults__, vars(function))
        return (id(function.__code__), *map(self.form, kept), *cells)

    def _class(self, made: type) -> Form:
        if made.__module__ != self._module:
            return id(made)
        own = {
            name: value
            for name, value in vars(made).items()
            if not name.startswith("_abc_") and name not in _KEPT_BY_PYTHON
        }
        return (id(made), self._pairs(own))

    def _object(self, value: Any) -> Form:
        if isinstance(value, (classmethod, staticmethod)):
            return self.form(value.__func__)
        if isinstance(value, property):
            return self._all((value.fget, value.fset, value.fdel))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                reduce = copyreg.dispatch_table.get(type(value))
                made = value.__reduce_ex__(4) if reduce is None else reduce(value)
        except Exception:
            state = getattr(value, "__dict__", None)
            # A lock, a file: no two readings are the same.
            return object() if type(state) is not dict else self._pairs(state)
        if isinstance(made, str):
            return made
        function, arguments, state, items, pairs = (*made, None, None, None)[:5]
        contents = (list(items or ()), list(pairs or ()))
        return (self.form(function), self._all(arguments), self.form(state), self.form(contents))
