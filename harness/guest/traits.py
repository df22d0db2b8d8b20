"""How objects of the solution cross: as handles that say what the objects are, some with a value.

An object whose class derives from an immutable builtin crosses with the value of that builtin, a
frozen dataclass with its fields; what else they have stays behind their handle. Containers derived
from builtins stay in the box whole, and :func:`take_picture` takes a picture of them.
"""

from __future__ import annotations

import collections
import sys
import types
from collections.abc import Mapping, Sequence, Set
from typing import Any

from . import values

CALLABLE, AWAITABLE, MODULE = "c", "w", "m"
GENERATOR, COROUTINE = "G", "C"
MAPPING, SEQUENCE, SET, BYTES = "M", "L", "S", "B"
ORDERED = "O"
"""A record, whose class has an order of its fields."""
OWN_TEXT = "t"
"""``str`` and ``repr`` are the solution's, not the builtin's."""
TRAITS = frozenset("cwmGCMLSBOt")
"""What the judge is told of an object's class, one letter each."""

MAX_FIELDS = 100
"""Of a dataclass that crosses with them; any other crosses as a handle alone."""

_IMMUTABLE = (str, int, float, bytes, tuple, frozenset)
_SNAPSHOTS: tuple[tuple[type, str], ...] = (
    (dict, MAPPING),
    (list, SEQUENCE),
    (set, SET),
    (bytearray, BYTES),
    (collections.deque, SEQUENCE),
    (memoryview, BYTES),
    (Mapping, MAPPING),
    (Set, SET),
    (Sequence, SEQUENCE),
)
_MADE = "<string>"
"""File of the methods that ``dataclasses`` makes."""


def traits_of(kind: type) -> str:
    """Return the letters of a class."""
    found = ""
    if _defines(kind, "__call__"):
        found += CALLABLE
    if _defines(kind, "__await__"):
        found += AWAITABLE
    if issubclass(kind, types.ModuleType):
        found += MODULE
    if issubclass(kind, types.GeneratorType):
        found += GENERATOR
    if issubclass(kind, types.CoroutineType):
        found += COROUTINE
    found += next((letter for base, letter in _SNAPSHOTS if _is_kind_of(kind, base)), "")
    if _is_made(kind, "__lt__"):
        found += ORDERED
    if immutable_base(kind) and not _has_texts_of_builtin(kind):
        found += OWN_TEXT
    return found


def immutable_base(kind: type) -> type | None:
    """Return the builtin that a class derives from, if its value never changes."""
    return next((base for base in _IMMUTABLE if issubclass(kind, base)), None)


def fields_of(value: Any) -> list[str] | None:
    """Return the names of the fields of a frozen dataclass with an ``__eq__`` of its own."""
    kind = type(value)
    params = getattr(kind, "__dataclass_params__", None)
    if params is None or not params.frozen or not _is_made(kind, "__eq__"):
        return None
    compared = [
        name
        for name, field in kind.__dataclass_fields__.items()
        if field.compare and str(field._field_type) == "_FIELD" and hasattr(value, name)
    ]
    return compared if len(compared) <= MAX_FIELDS else None


def take_picture(subject: Any) -> object:
    """Return a picture of a container, as plain values and objects."""
    kind = type(subject)
    for base in kind.__mro__:
        if base in (dict, list, set):
            return base(_iterate(base, subject))
        if tag := values.type_of(base):
            return values.put_together(tag, values.take_apart(tag, subject))
    letter = traits_of(kind)
    if MAPPING in letter:
        return dict(subject)
    if BYTES in letter:
        return bytes(subject)
    return set(subject) if SET in letter else list(subject)


def _iterate(base: type, subject: Any) -> Any:
    """Go through a container without the methods that its class has replaced."""
    if base is dict and isinstance(subject, collections.OrderedDict):
        return collections.OrderedDict.items(subject)
    return dict.items(subject) if base is dict else base.__iter__(subject)  # type: ignore[attr-defined]


def _is_kind_of(kind: type, base: type) -> bool:
    """Tell whether a class is compared by content: those of abstract classes that say so."""
    if base.__module__ == "collections.abc" and not _defines_equality(kind):
        return False  # asked first: it takes far less time
    return issubclass(kind, base)


def _defines_equality(kind: type) -> bool:
    return any("__eq__" in vars(cls) for cls in kind.__mro__[:-1])


def _defines(kind: type, name: str) -> bool:
    return any(name in vars(cls) for cls in kind.__mro__)


def _is_made(kind: Any, name: str) -> bool:
    """Tell whether ``dataclasses`` has made this method of a class."""
    if "__dataclass_fields__" not in vars(kind):
        return False
    method = vars(kind).get(name)
    return isinstance(method, types.FunctionType) and method.__code__.co_filename == _MADE


def _has_texts_of_builtin(kind: type) -> bool:
    base: Any = immutable_base(kind)
    return kind.__str__ is base.__str__ and kind.__repr__ is base.__repr__


def names_of_exception(kind: type, limit: int, longest: int) -> list[str]:
    """Return the names along the inheritance, those of the library with their modules."""
    return [_exception_name(cls)[:longest] for cls in kind.__mro__[:limit]]


def _exception_name(cls: type) -> str:
    module = cls.__module__
    is_of_library = type(module) is str and module.split(".")[0] in sys.stdlib_module_names
    if module == "builtins" or not is_of_library:
        return cls.__name__
    return f"{module}.{cls.__name__}"
