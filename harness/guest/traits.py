"""How objects of the solution cross: as handles that say what the objects are, some with a value.

An object whose class derives from an immutable builtin crosses with the value of that builtin, a
frozen dataclass with its fields; what else they have stays behind their handle. Containers derived
from builtins stay in the box whole, and :func:`take_picture` takes a picture of them.
"""

from __future__ import annotations

import collections
import functools
import sys
import types
from collections.abc import Mapping, Sequence, Set
from typing import Any

from . import values

CALLABLE, MODULE = "c", "m"
GENERATOR, COROUTINE, FUNCTION = "G", "C", "F"
DATACLASS = "D"
MAPPING, SEQUENCE, SET, BYTES = "M", "L", "S", "B"
ORDERED = "O"
"""A record, whose class has an order of its fields."""
OWN_TEXT = "t"
"""``str`` and ``repr`` are the solution's, not the builtin's."""
UNHASHABLE = "u"
OWN_CONTAINS = "H"
"""Its ``__contains__`` is the solution's."""
OWN_EQUALITY = "E"
"""``==``, ``!=`` or ``hash`` is the solution's, or not that of the builtin it is taken for."""
MADE_EQUALITY = "Q"
"""``dataclasses`` has made its ``==``, between objects of its class."""
OWN_OPERATORS = "K"
"""A container which orders or calculates otherwise than the builtin that it is taken for."""
OWN_READING = "o"
"""A container that is read otherwise than the builtin: its length, its items, or its truth."""
OTHER_METHODS = "J"
"""It has special methods that no handle has."""
ABSTRACT = "V"
"""A container that derives from none of Python's own, and is no instance of any."""
LIBRARY = {
    "0": ("datetime", "date"),
    "1": ("datetime", "datetime"),
    "2": ("datetime", "time"),
    "3": ("datetime", "timedelta"),
    "4": ("decimal", "Decimal"),
    "5": ("fractions", "Fraction"),
    "6": ("uuid", "UUID"),
    "7": ("collections", "UserList"),
    "8": ("collections", "UserDict"),
    "9": ("collections", "UserString"),
    "W": ("collections", "ChainMap"),
    "T": ("types", "SimpleNamespace"),
    "U": ("enum", "Enum"),
}
"""Letters of what derives from a class of the library, by its module and name."""
_LIBRARY_LETTERS = {place: letter for letter, place in LIBRARY.items()}
ABILITIES = {
    "c": "__call__",
    "w": "__await__",
    "i": "__iter__",
    "n": "__next__",
    "r": "__reversed__",
    "l": "__len__",
    "h": "__contains__",
    "g": "__getitem__",
    "s": "__setitem__",
    "d": "__delitem__",
    "e": "__enter__",
    "x": "__exit__",
    "b": "__bool__",
    "I": "__int__",
    "X": "__index__",
    "R": "__float__",
    "Z": "__complex__",
    "Y": "__bytes__",
    "A": "__round__",
    "j": "__aiter__",
    "k": "__anext__",
    "y": "__aenter__",
    "z": "__aexit__",
    "N": "__neg__",
    "p": "__pos__",
    "a": "__abs__",
    "v": "__invert__",
}
"""The letter of each special method that an object has only if its class does."""
LETTER_OF = {name: letter for letter, name in ABILITIES.items()}
TRAITS = frozenset("mGCFMLSBDOtuHEQKoJV").union(LIBRARY).union(ABILITIES)
"""What the judge is told of an object's class, one letter each."""

MAX_FIELDS = 100
"""Of a dataclass that crosses with them; any other crosses as a handle alone."""

_IMMUTABLE = frozenset({str, int, float, bytes, tuple, frozenset})
_LETTERS: dict[type, str] = {
    types.ModuleType: MODULE,
    types.GeneratorType: GENERATOR,
    types.CoroutineType: COROUTINE,
    types.FunctionType: FUNCTION,
    dict: MAPPING,
    list: SEQUENCE,
    set: SET,
    bytearray: BYTES,
    collections.deque: SEQUENCE,
    memoryview: BYTES,
}
"""What derives from these. A class can derive from no two of them."""
_ABSTRACT = ((Mapping, MAPPING), (Set, SET), (Sequence, SEQUENCE))
"""What derives from these, or is registered there, if it says when it is equal."""
_BINARY = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor"),
    *("lshift", "rshift"),
)
REFLECTED = {f"__r{name}__": f"__{name}__" for name in _BINARY}
BINARY_DUNDERS = frozenset(
    [f"__{name}__" for name in ("eq", "ne", "lt", "le", "gt", "ge", *_BINARY)] + [*REFLECTED]
)
_UNARY_DUNDERS = frozenset(
    f"__{name}__"
    for name in (
        *("len", "iter", "reversed", "getitem", "contains", "bool", "int", "float", "complex"),
        *("round", "neg", "pos", "abs", "invert", "enter", "exit"),
    )
)
OTHER_NAMES = (
    *(f"__i{name}__" for name in _BINARY),
    *("__floor__", "__ceil__", "__trunc__", "__divmod__", "__rdivmod__", "__fspath__"),
)
"""Special methods that no handle has: Python would do something else instead of them."""
_EQUALITY = ("__eq__", "__ne__", "__hash__")
_OPERATORS = tuple(sorted(BINARY_DUNDERS - {*_EQUALITY}))
_READING = (
    *("__len__", "__iter__", "__getitem__", "__reversed__", "__bool__", "keys", "values", "items"),
)
_CONTAINERS = frozenset(MAPPING + SEQUENCE + SET + BYTES)
MAX_REDEFINED = 60
"""Members of a builtin that a class derived from it defines anew; more do not cross."""
_OF_THE_LIBRARY = ("enum", "typing", "collections")

_MADE = "<string>"
"""File of the methods that ``dataclasses`` makes."""


@functools.cache
def kind_of(kind: type) -> tuple[str, list[str], type | None]:
    """Return the letters of a class, what of an immutable builtin it defines anew, and that one."""
    base = immutable_base(kind)
    return _letters_of(kind), _redefined(kind, base) if base is not None else [], base


def _letters_of(kind: type) -> str:
    members: dict[str, object] = {}
    for cls in reversed(kind.__mro__[:-1]):  # `object` has none of them
        members.update(vars(cls))
    if issubclass(kind, type):
        members["__getitem__"] = True  # by __class_getitem__
    # Not the other way round: what is only looked up stays on memory pages shared by all boxes.
    found = "".join(LETTER_OF.get(name, "") for name in members if members[name] is not None)
    if members.get("__hash__", True) is None:
        found += UNHASHABLE
    concrete = "".join(filter(None, map(_LETTERS.get, kind.__mro__)))
    found += concrete
    if not concrete and "__eq__" in members:
        abstract = next((letter for base, letter in _ABSTRACT if issubclass(kind, base)), "")
        found += abstract and abstract + ABSTRACT
    places = ((cls.__module__, cls.__name__) for cls in kind.__mro__)
    found += next((_LIBRARY_LETTERS[place] for place in places if place in _LIBRARY_LETTERS), "")
    base = immutable_base(kind)
    has_others = base not in (int, float) and any(name in members for name in OTHER_NAMES)
    if has_others or _differs(members, ("__instancecheck__", "__subclasscheck__")):
        found += OTHER_METHODS
    is_builtin = bool(concrete or base) and not issubclass(kind, memoryview)
    is_container = not _CONTAINERS.isdisjoint(found)
    if is_container and (not is_builtin or _differs(members, _READING)):
        found += OWN_READING
    has_usual = is_builtin or SET in found  # those of abstract sets do the same
    if is_container and (not has_usual or _differs(members, _OPERATORS)):
        found += OWN_OPERATORS
    found += _equality_of(members, is_builtin)
    is_record = "__dataclass_fields__" in vars(kind)
    if is_record:
        found += DATACLASS
    contains = members.get("__contains__")
    if isinstance(contains, types.FunctionType) and not is_of_library(contains.__module__):
        found += OWN_CONTAINS
    if _is_made(kind, "__lt__"):
        found += ORDERED
    if (is_record or base) and not _has_usual_texts(kind):
        found += OWN_TEXT
    return found


def _equality_of(members: Mapping[str, object], is_builtin: bool) -> str:
    """Return the letter that says when objects with these members are equal, if not by identity."""
    names = ["__eq__", "__ne__"] if not is_builtin else []
    own = [name for name in names if name in members]
    own += [name for name in _EQUALITY if _differs(members, (name,)) and name not in own]
    if own and "__dataclass_fields__" in members:
        methods = [members[name] for name in own]
        if all(getattr(each, "__code__", _NO_CODE).co_filename == _MADE for each in methods):
            return MADE_EQUALITY
    return OWN_EQUALITY if own else ""


_NO_CODE = compile("", "", "exec")


def _differs(members: Mapping[str, object], names: Sequence[str]) -> bool:
    """Tell whether one of these is the solution's own."""
    found = [members[name] for name in names if members.get(name) is not None]
    return not all(
        isinstance(each, _OF_BUILTINS) or is_of_library(getattr(each, "__module__", ""))
        for each in found
    )


_OF_BUILTINS = (types.WrapperDescriptorType, types.MethodDescriptorType)


def may_redefine(base: Any, name: str) -> bool:
    """Tell whether the judge heeds a member of a builtin that a class defines anew."""
    if name in BINARY_DUNDERS or name in _UNARY_DUNDERS:
        return True
    return name.isidentifier() and not name.startswith("_") and hasattr(base, name)


def _redefined(kind: type, base: type) -> list[str]:
    """Return what a class derived from an immutable builtin defines anew, without its texts."""
    names: dict[str, None] = {}
    for cls in kind.__mro__[: kind.__mro__.index(base)]:
        for name, member in vars(cls).items():
            if not may_redefine(base, name):
                continue
            if getattr(member, "__module__", "") not in _OF_THE_LIBRARY or not callable(member):
                names[name] = None
    return list(names)[:MAX_REDEFINED]


def immutable_base(kind: type) -> type | None:
    """Return the builtin that a class derives from, if its value never changes."""
    return next((base for base in kind.__mro__ if base in _IMMUTABLE), None)


def fields_of(value: Any) -> list[str] | None:
    """Return the names of the fields that a frozen dataclass is compared by.

    None for what is none, or has fields whose values can change.
    """
    kind: Any = type(value)
    params = getattr(kind, "__dataclass_params__", None)
    if params is None or not params.frozen or not _is_made(kind, "__eq__"):
        return None
    members = {name for cls in kind.__mro__[:-1] for name in vars(cls)}
    if not all(_is_made(kind, name) for name in _OF_RECORDS & members):
        return None
    names = _compared_fields(kind)
    if len(names) > MAX_FIELDS or not all(_lasts(getattr(value, name, [])) for name in names):
        return None
    return names


_OF_RECORDS = frozenset(
    {*_EQUALITY, "__lt__", "__le__", "__gt__", "__ge__", "__getattr__", "__getattribute__"}
)
"""What a class whose objects are compared by their fields must not define itself."""


def _compared_fields(kind: Any) -> list[str]:
    fields = kind.__dataclass_fields__.items()
    return [name for name, field in fields if field.compare and _is_field(field)]


def _is_field(field: Any) -> bool:
    return str(field._field_type) == "_FIELD"


def _lasts(value: object) -> bool:
    """Tell whether a value is the same for ever: what can change is no part of a record."""
    if type(value) in (tuple, frozenset):
        return all(map(_lasts, value))  # type: ignore[call-overload]
    is_container = isinstance(value, (dict, list, set, bytearray, collections.deque, memoryview))
    return not is_container


def take_picture(subject: Any) -> object:
    """Return a picture of a container, as plain values and objects."""
    kind: Any = type(subject)
    for base in kind.__mro__:
        if base in (dict, list, set):
            return base(_iterate(base, subject))
        if tag := values.type_of(base):
            return values.put_together(tag, values.take_apart(tag, subject))
    letters, _, _ = kind_of(kind)
    if MAPPING in letters:
        return dict(subject)
    if BYTES in letters:
        return bytes(subject)
    return set(subject) if SET in letters else list(subject)


def _iterate(base: type, subject: Any) -> Any:
    """Go through a container without the methods that its class has replaced."""
    if base is dict and isinstance(subject, collections.OrderedDict):
        return collections.OrderedDict.items(subject)
    return dict.items(subject) if base is dict else base.__iter__(subject)  # type: ignore[attr-defined]


def _is_made(kind: Any, name: str) -> bool:
    """Tell whether ``dataclasses`` has made this method of a class."""
    if "__dataclass_fields__" not in vars(kind):
        return False
    method = vars(kind).get(name)
    return isinstance(method, types.FunctionType) and method.__code__.co_filename == _MADE


def _has_usual_texts(kind: Any) -> bool:
    """Tell whether the judge knows the texts of an object: of a builtin, or of a record."""
    base: Any = immutable_base(kind) or object
    if kind.__str__ is not base.__str__ or kind.__format__ is not base.__format__:
        return False
    if kind.__repr__ is base.__repr__:
        return True
    code = getattr(getattr(kind.__repr__, "__wrapped__", None), "__code__", None)
    if code is None or code.co_filename != _MADE or "." in kind.__qualname__:
        return False
    fields = kind.__dataclass_fields__.items()
    return [name for name, field in fields if field.repr and _is_field(field)] == (
        _compared_fields(kind)
    )


def is_of_library(module: object) -> bool:
    """Tell whether a class or function that says it is of this module is of the library."""
    return type(module) is str and module.split(".")[0] in sys.stdlib_module_names
