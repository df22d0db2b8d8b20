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


def _make(cls: Any, *parts: Any) -> object:
    return cls(*parts)


def _of_decimal(value: Any) -> list[object]:
    if abs(value.adjusted()) + len(value.as_tuple().digits) > MAX_DIGITS:
        raise ValueError(
            f"a Decimal of more than {MAX_DIGITS:,} digits, written out, cannot be sent"
        )
    return [str(value)]


def _make_decimal(cls: Any, text: object) -> object:
    number = cls(_exactly(str, text))
    if _of_decimal(number) != [text]:
        raise ValueError("a decimal number not in its one form")
    return number


def _of_fraction(value: Any) -> list[object]:
    parts = [value.numerator, value.denominator]
    if max(part.bit_length() for part in parts) > MAX_DIGITS * 3:
        raise ValueError(f"a Fraction of more than {MAX_DIGITS:,} digits cannot be sent")
    return parts


def _make_fraction(cls: Any, numerator: Any, denominator: Any) -> object:
    for part in (numerator, denominator):
        if _exactly(int, part).bit_length() > MAX_DIGITS * 3:
            raise ValueError("a fraction of too many digits")
    number = cls(numerator, denominator)
    if number.denominator != denominator:
        raise ValueError("a fraction not in its one form")
    return number


def _zone(tzinfo: Any) -> object:
    """A fixed offset as timedelta, a zone by its name."""
    if tzinfo is None:
        return None
    if type_of(type(tzinfo)) == "timezone":
        return tzinfo.utcoffset(None)
    if type(tzinfo).__module__ == "zoneinfo" and type(tzinfo.key) is str:
        return tzinfo.key
    raise TypeError(f"a time zone of type {type(tzinfo).__name__} cannot be sent")


def _make_zone(zone: object) -> object:
    if zone is None:
        return None
    if type(zone) is str:
        return import_module("zoneinfo").ZoneInfo(zone)
    return import_module("datetime").timezone(zone)


def _of_clock(value: Any) -> list[object]:
    parts = [value.hour, value.minute, value.second, value.microsecond]
    return [*parts, value.fold, _zone(value.tzinfo)]


def _make_of_integers(cls: Any, *parts: Any) -> object:
    return cls(*[_exactly(int, part) for part in parts])


def _make_time(cls: Any, *parts: Any) -> object:
    *numbers, fold, zone = parts
    numbers = [_exactly(int, number) for number in numbers]
    return cls(*numbers, _make_zone(zone), fold=fold)


def _of_range(value: Any) -> list[object]:
    if value[MAX_RANGE:]:
        raise ValueError(f"a range of more than {MAX_RANGE:,} numbers cannot be sent")
    return [value.start, value.stop, value.step]


def _make_range(cls: Any, *parts: Any) -> object:
    made = _make_of_integers(cls, *parts)
    _of_range(made)
    return made


def _make_complex(cls: Any, real: object, imaginary: object) -> object:
    return cls(_exactly(float, real), _exactly(float, imaginary))


def _make_uuid(cls: Any, number: object) -> object:
    return cls(int=_exactly(int, number))


def _make_bytearray(cls: Any, content: object) -> object:
    return cls(_exactly(bytes, content))


def _make_deque(cls: Any, length: Any, items: object) -> object:
    return cls(_exactly(list, items), None if length is None else _exactly(int, length))


def _make_dict(cls: Any, content: object) -> object:
    return cls(_exactly(dict, content))


def _make_counter(cls: Any, content: object) -> object:
    counter = cls()
    dict.update(counter, _exactly(dict, content))
    return counter


def _of_defaultdict(value: Any) -> list[object]:
    names = [name for name, kind in FACTORIES.items() if kind is value.default_factory]
    none = None if value.default_factory is None else ""
    return [names[0] if names else none, dict(dict.items(value))]


def _make_defaultdict(cls: Any, factory: object, content: object) -> object:
    made: Any = None
    if factory is not None:
        made = FACTORIES[_exactly(str, factory)] if factory else _lost_factory
    return cls(made, _exactly(dict, content))


def _exactly(kind: type, value: object) -> Any:
    if type(value) is not kind:
        raise TypeError(f"not a {kind.__name__}")
    return value


TYPES: dict[str, tuple[str, Callable[[Any], list[object]], Callable[..., object]]] = {
    "Decimal": ("decimal", _of_decimal, _make_decimal),
    "Fraction": ("fractions", _of_fraction, _make_fraction),
    "date": ("datetime", lambda value: [value.year, value.month, value.day], _make_of_integers),
    "datetime": (
        "datetime",
        lambda value: [value.year, value.month, value.day, *_of_clock(value)],
        _make_time,
    ),
    "time": ("datetime", _of_clock, _make_time),
    "timedelta": (
        "datetime",
        lambda value: [value.days, value.seconds, value.microseconds],
        _make_of_integers,
    ),
    "timezone": ("datetime", lambda value: [value.utcoffset(None)], _make),
    "UUID": ("uuid", lambda value: [value.int], _make_uuid),
    "range": ("builtins", _of_range, _make_range),
    "slice": ("builtins", lambda value: [value.start, value.stop, value.step], _make),
    "complex": ("builtins", lambda value: [value.real, value.imag], _make_complex),
    "bytearray": ("builtins", lambda value: [bytes(value)], _make_bytearray),
    "deque": ("collections", lambda value: [value.maxlen, list(value)], _make_deque),
    "OrderedDict": ("collections", lambda value: [dict(type(value).items(value))], _make_dict),
    "Counter": ("collections", lambda value: [dict(dict.items(value))], _make_counter),
    "defaultdict": ("collections", _of_defaultdict, _make_defaultdict),
}
"""By tag, which is the name of the class: its module, how to take a value apart and to make one.

The last gets the class, then the parts; it raises ValueError or TypeError for what are no parts.
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
    module, _, make = TYPES[tag]
    return make(getattr(import_module(module), tag), *parts)
