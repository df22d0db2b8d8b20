"""What to write in a suite instead of a value that cannot cross to the box."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from harness.guest.codec import UnsendableError
from harness.judge.transcript import printable

_LONGEST_VALUE = 60

_INSTEAD = {
    "date": "its isoformat() or a number",
    "datetime": "its isoformat() or its timestamp()",
    "time": "its isoformat()",
    "timedelta": "its total_seconds()",
    "Decimal": "its str() or a whole number of the smallest unit",
    "Fraction": "a tuple of numerator and denominator",
    "UUID": "its str()",
    "PosixPath": "its str()",
    "timezone": "its name, or its offset in seconds",
    "ZoneInfo": "its str()",
    "Pattern": "its pattern, a str",
    "module": "the functions of it that are needed",
    "generator": "a list of what it yields",
    "coroutine": "what it returns (a patch without `new` makes an AsyncMock: give it a function)",
    "map": "a list of what it yields",
    "filter": "a list of what it yields",
    "zip": "a list of what it yields",
    "enumerate": "a list of what it yields",
    "range": "a list of it",
    "deque": "a list of it",
    "dict_keys": "a list of them",
    "dict_values": "a list of them",
    "dict_items": "a list of them",
    "bytearray": "bytes",
    "StringIO": "its getvalue()",
    "complex": "a tuple of its parts",
}


class OpaqueValueError(UnsendableError):
    """A value of a suite cannot be sent; says what its author can write instead."""

    def __init__(self, value: object) -> None:
        kind = type(value).__name__
        instead = _INSTEAD.get(kind) or _of_its_parts(value)
        super().__init__(f"a value of type {kind} cannot be sent: {_shown(value)}; pass {instead}")


def _of_its_parts(value: object) -> str:
    if hasattr(value, "__dataclass_fields__"):
        return "a dict or a tuple of its fields"
    if isinstance(value, Enum):
        return "its value"
    if isinstance(value, BaseException):
        return "its class, or its str()"
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


def _shown(value: object) -> str:
    # The value is the suite's own: its repr is as trusted as the suite.
    text = printable(repr(value))
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
