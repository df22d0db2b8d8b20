"""Frozen dataclasses to JSON-able data and back.

For data that harness itself wrote: events, judgements, orders. What people write (manifests,
settings) is checked where it enters, with an explanation of every error.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from pathlib import PurePath
from typing import Any, TypeVar

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return ``value`` as dicts, lists, strings, numbers, booleans and None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: to_plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    if isinstance(value, PurePath):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def from_plain(kind: type[T], data: object) -> T:
    """Return the ``kind`` from which :func:`to_plain` made ``data``.

    Raises ValueError, with the path to what does not fit, for other data.
    """
    return typing.cast("T", _read(kind, data, kind.__name__))


def _read(kind: Any, data: Any, place: str) -> Any:
    if kind is Any or kind is object:
        return data
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _read_union(typing.get_args(kind), data, place)
    if origin is typing.Literal:
        return _require(data in typing.get_args(kind), data, place)
    if origin is tuple:
        _require(isinstance(data, list), data, place)
        item = typing.get_args(kind)[0]
        return tuple(_read(item, each, f"{place}[{n}]") for n, each in enumerate(data))
    if origin is not None and issubclass(origin, Mapping):
        _require(isinstance(data, dict), data, place)
        of_key, of_value = typing.get_args(kind)
        return {
            _read(of_key, key, place): _read(of_value, value, f"{place}.{key}")
            for key, value in data.items()
        }
    return _read_class(kind, data, place)


def _read_class(kind: Any, data: Any, place: str) -> Any:
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(kind, data, place)
    if kind is float:
        return float(_require(type(data) in (int, float), data, place))
    if kind in (str, int, bool, type(None)):
        return _require(type(data) is kind, data, place)
    _require(type(data) is str, data, place)
    return datetime.fromisoformat(data) if kind is datetime else kind(data)


def _read_dataclass(kind: Any, data: Any, place: str) -> Any:
    _require(isinstance(data, dict), data, place)
    hints = _hints(kind)
    unknown = data.keys() - hints.keys()
    if unknown:
        raise ValueError(f"{place} has no field {min(unknown)!r}")
    missing = [name for name in _required(kind) if name not in data]
    if missing:
        raise ValueError(f"{place} lacks {missing[0]!r}")
    return kind(
        **{name: _read(hints[name], value, f"{place}.{name}") for name, value in data.items()}
    )


def _read_union(members: tuple[Any, ...], data: Any, place: str) -> Any:
    if data is None and type(None) in members:
        return None
    (member,) = (each for each in members if each is not type(None))
    return _read(member, data, place)


def _require(fits: bool, data: Any, place: str) -> Any:
    if not fits:
        raise ValueError(f"{place} cannot be {data!r:.60}")
    return data


@cache
def _required(kind: Any) -> list[str]:
    return [
        field.name
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}
