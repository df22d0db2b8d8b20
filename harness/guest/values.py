"""Values of the standard library that cross the wire by value. See ``docs/wire.md``, "Values".

Each is taken apart into plain values and made again from them; nothing of its class runs that the
other side has chosen. Modules are imported by whoever meets a value of theirs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

MAX_DIGITS = 10_000
"""Of a Decimal written out, and of the two numbers of a Fraction: an operator, which nothing can
interrupt, takes milliseconds then."""
MAX_RANGE = 1_000_000
"""Numbers of a range: ``sum`` and ``sorted`` go through it where nothing can interrupt them."""
FACTORIES = {kind.__name__: kind for kind in (list, dict, set, int, float, str, bool, tuple)}
"""What a defaultdict may make new values with; any other is left out."""


class LostFactoryError(TypeError):
    """A defaultdict should make a new value by a function that stays where it was made."""


def _lost_factory() -> object:
    raise LostFactoryError(
        "the function by which a defaultdict makes new values does not cross with it: only a"
        f" builtin does, such as {', '.join(list(FACTORIES)[:3])}"
    )


def _of_decimal(value: Any) -> list[object]:
    if abs(value.adjusted()) + len(value.as_tuple().digits) > MAX_DIGITS:
        raise ValueError(
            f"a Decimal of more than {MAX_DIGITS:,} digits, written out, cannot be sent"
        )
    return [str(value)]


def _make_decimal(cls: Any, text: str) -> object:
    number = cls(text)
    if _of_decimal(number) != [text]:
        raise ValueError("a decimal number not in its one form")
    return number


def _of_fraction(value: Any) -> list[object]:
    parts = [value.numerator, value.denominator]
    if max(part.bit_length() for part in parts) > MAX_DIGITS * 3:
        raise ValueError(f"a Fraction of more than {MAX_DIGITS:,} digits cannot be sent")
    return parts


def _make_fraction(cls: Any, numerator: int, denominator: int) -> object:
    if max(part.bit_length() for part in (numerator, denominator)) > MAX_DIGITS * 3:
        raise ValueError("a fraction of too many digits")
    number = cls(numerator, denominator)
    if number.denominator != denominator:
        raise ValueError("a fraction not in its one form")
    return number


def _zone(tzinfo: Any) -> object:
    """A fixed offset as itself, a zone by its name."""
    if tzinfo is None or type_of(type(tzinfo)) == "timezone":
        return tzinfo
    if type(tzinfo).__module__ == "zoneinfo" and type(tzinfo.key) is str:
        return tzinfo.key
    raise TypeError(f"a time zone of type {type(tzinfo).__name__} cannot be sent")


def _make_zone(zone: object) -> object:
    return import_module("zoneinfo").ZoneInfo(zone) if type(zone) is str else zone


def _of_timezone(value: Any) -> list[object]:
    offset, name = value.utcoffset(None), value.tzname(None)
    return [offset, None if name == type(value)(offset).tzname(None) else name]


def _make_timezone(cls: Any, offset: object, name: str | None) -> object:
    return cls(offset) if name is None else cls(offset, name)


def _of_clock(value: Any) -> list[object]:
    parts = [value.hour, value.minute, value.second, value.microsecond]
    return [*parts, value.fold, _zone(value.tzinfo)]


def _make_time(cls: Any, *parts: Any) -> object:
    *numbers, fold, zone = parts
    return cls(*numbers, _make_zone(zone), fold=fold)


def _of_range(value: Any) -> list[object]:
    if value[MAX_RANGE:]:
        raise ValueError(f"a range of more than {MAX_RANGE:,} numbers cannot be sent")
    return [value.start, value.stop, value.step]


def _make_range(cls: Any, *parts: int) -> object:
    made = cls(*parts)
    _of_range(made)
    return made


def _make_counter(cls: Any, content: dict[Any, Any]) -> object:
    counter = cls()
    dict.update(counter, content)
    return counter


def _of_defaultdict(value: Any) -> list[object]:
    names = [name for name, kind in FACTORIES.items() if kind is value.default_factory]
    none = None if value.default_factory is None else ""
    return [names[0] if names else none, dict(dict.items(value))]


def _make_defaultdict(cls: Any, factory: str | None, content: dict[Any, Any]) -> object:
    made: Any = None
    if factory is not None:
        made = FACTORIES[factory] if factory else _lost_factory
    return cls(made, content)


_NONE, _ANY = type(None), object
_Kinds = tuple[type | tuple[type, ...], ...]

TYPES: dict[
    str, tuple[str, Callable[[Any], list[object]], _Kinds, Callable[..., object] | None]
] = {
    "Decimal": ("decimal", _of_decimal, (str,), _make_decimal),
    "Fraction": ("fractions", _of_fraction, (int, int), _make_fraction),
    "date": ("datetime", lambda value: [value.year, value.month, value.day], (int,) * 3, None),
    "datetime": (
        "datetime",
        lambda value: [value.year, value.month, value.day, *_of_clock(value)],
        (*(int,) * 8, _ANY),
        _make_time,
    ),
    "time": ("datetime", _of_clock, (*(int,) * 5, _ANY), _make_time),
    "timedelta": (
        "datetime",
        lambda value: [value.days, value.seconds, value.microseconds],
        (int,) * 3,
        None,
    ),
    "timezone": ("datetime", _of_timezone, (_ANY, (str, _NONE)), _make_timezone),
    "UUID": ("uuid", lambda value: [value.int], (int,), lambda cls, number: cls(int=number)),
    "range": ("builtins", _of_range, (int,) * 3, _make_range),
    "slice": ("builtins", lambda value: [value.start, value.stop, value.step], (_ANY,) * 3, None),
    "complex": ("builtins", lambda value: [value.real, value.imag], (float, float), None),
    "bytearray": ("builtins", lambda value: [bytes(value)], (bytes,), None),
    "deque": (
        "collections",
        lambda value: [value.maxlen, list(value)],
        ((int, _NONE), list),
        lambda cls, length, items: cls(items, length),
    ),
    "OrderedDict": ("collections", lambda value: [dict(type(value).items(value))], (dict,), None),
    "Counter": ("collections", lambda value: [dict(dict.items(value))], (dict,), _make_counter),
    "defaultdict": (
        "collections",
        _of_defaultdict,
        ((str, _NONE), dict),
        _make_defaultdict,
    ),
}
"""By tag, which is the name of the class: its module, how to take a value apart, the exact types of
the parts (``object`` for any), and how to make a value of class and parts, if the class cannot.
"""


def type_of(kind: type) -> str:
    """Return the tag of a class, or "" when its values do not cross like this."""
    name = kind.__name__
    if name not in TYPES or getattr(sys.modules.get(TYPES[name][0]), name, None) is not kind:
        return ""
    return name


def take_apart(tag: str, value: object) -> list[object]:
    """Return the parts of a value of the type ``tag``. Raises TypeError for one that has none."""
    return TYPES[tag][1](value)


def put_together(tag: str, parts: list[Any]) -> object:
    """Make a value from its parts. Raises ValueError, TypeError, OverflowError or LookupError."""
    module, _, kinds, make = TYPES[tag]
    for part, kind in zip(parts, kinds, strict=True):
        if kind is not _ANY and type(part) not in (kind if isinstance(kind, tuple) else (kind,)):
            raise TypeError(f"a {tag} of other parts")
    cls = getattr(import_module(module), tag)
    return cls(*parts) if make is None else make(cls, *parts)
