"""Reads ``problem.toml``, and names all that is wrong with it at once."""

from __future__ import annotations

import builtins
import dataclasses
import json
import keyword
import re
import sys
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.catalog.flaws import Flaw, file_flaw
from harness.catalog.toml_lines import KeyPath, key_lines, line_of
from harness.model.manifest import RETIRED_KEYS, Key, Manifest
from harness.model.snapshot import is_solution_file
from harness.words import nearest

_BYTE_ORDER_MARK = "\ufeff"
_MOST_CHARACTERS, _LONGEST_LINE = 100_000, 2000
_TOML_PLACE = re.compile(r"^(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)$", re.S)

_Errors = Iterator[tuple[KeyPath, str]]
"""Where something is wrong, and a sentence about it."""


def parse_manifest(path: Path, text: str, flaws: list[Flaw]) -> Manifest | None:
    """Return the manifest, or None after adding all that is wrong with it to ``flaws``."""
    data = _parse_toml(path, text, flaws)
    if data is None:
        return None
    errors = list(_check_table(Manifest, data, ()))
    manifest = None if errors else Manifest.from_table(data)
    if manifest is not None:
        errors = list(_check_agreement(manifest))
    lines = key_lines(text)
    flaws += [Flaw(path, sentence, line_of(place, lines)) for place, sentence in errors]
    return None if errors else manifest


def json_schema() -> dict[str, Any]:
    """Return what the file may say as a JSON Schema, for editors that complete TOML by one.

    What only loading a problem checks is left out, such as that the levels' minutes add up.
    """
    definitions: dict[str, Any] = {}
    whole = _table_schema(Manifest, definitions)
    for name, key in RETIRED_KEYS.items():
        whole["properties"][name] = {**_value_schema(str, key, {}), "deprecated": True}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "problem.toml",
        **whole,
        "$defs": definitions,
    }


def _parse_toml(path: Path, text: str, flaws: list[Flaw]) -> dict[str, Any] | None:
    """Parse the syntax only."""
    import tomllib

    unfit = _unfit_for_parsing(text)
    if unfit:
        flaws.append(file_flaw(path, unfit))
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.match(str(error))
        what = place["what"] if place else str(error)
        line, column = (int(place["line"]), int(place["column"])) if place else (None, None)
        flaws.append(Flaw(path, f"This is not valid TOML: {what}.", line, column))
        return None
    except RecursionError:
        flaws.append(file_flaw(path, "holds values nested too deeply."))
        return None


def _unfit_for_parsing(text: str) -> str:
    """Say why a text is not even parsed; empty when it is. Long lines can cost much time."""
    if text.startswith(_BYTE_ORDER_MARK):
        return "begins with a byte order mark. Save it as UTF-8 without one."
    if len(text) > _MOST_CHARACTERS:
        return f"has {len(text):,} characters. The limit is {_MOST_CHARACTERS:,}."
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > _LONGEST_LINE:
            return f"has {len(line):,} characters in line {number}. The limit is {_LONGEST_LINE:,}."
    return ""


def _keys_of(table: type) -> dict[str, Key]:
    """Return the keys of a table as they are called in the file, each with its rules."""
    keys = [(each.name, each.metadata["key"]) for each in dataclasses.fields(table)]
    return {key.name or name: key for name, key in keys}


def _kinds_of(table: type) -> dict[str, Any]:
    """Return the type of each key of a table."""
    hints = typing.get_type_hints(table)
    fields = dataclasses.fields(table)
    return {each.metadata["key"].name or each.name: hints[each.name] for each in fields}


def _required(table: type) -> list[str]:
    missing = dataclasses.MISSING
    return [
        each.name
        for each in dataclasses.fields(table)
        if each.default is missing and each.default_factory is missing
    ]


def _check_table(table: type, data: Any, place: KeyPath) -> _Errors:
    if not isinstance(data, dict):
        yield place, _must_be(place, data, "a table of its own")
        return
    keys = _keys_of(table) | ({} if place else RETIRED_KEYS)
    kinds = _kinds_of(table)
    unknown = [name for name in data if name not in keys]
    meant = {name: nearest(name, _keys_of(table)) for name in unknown}
    for name, key in keys.items():
        if name in data:
            yield from _check_value(kinds.get(name, str), key, data[name], (*place, name))
        elif name in _required(table) and name not in meant.values():
            yield place, f"{_shown((*place, name))} is missing."
    for name in unknown:
        yield (*place, name), _explain_unknown((*place, name), meant[name], table)


def _explain_unknown(place: KeyPath, meant: str | None, table: type) -> str:
    if meant:
        return f"unknown key {_shown(place)}. Did you mean {meant}?"
    if len(place) > 1 and place[-1] in _keys_of(Manifest):
        return f"unknown key {_shown(place)}. It belongs before the first [table] of the file."
    return f"unknown key {_shown(place)}. The keys here are: {', '.join(_keys_of(table))}."


def _check_value(kind: Any, key: Key, value: Any, place: KeyPath) -> _Errors:
    origin = typing.get_origin(kind)
    if dataclasses.is_dataclass(kind):
        yield from _check_table(typing.cast("type", kind), value, place)
    elif origin is tuple:
        expected = _unfit_list(key, value)
        if expected:
            yield place, _must_be(place, value, expected)
            return
        item_key = key._replace(least=None, most=None)
        for index, item in enumerate(value):
            yield from _check_value(typing.get_args(kind)[0], item_key, item, (*place, index))
    elif origin is dict:
        if not isinstance(value, dict):
            yield place, _must_be(place, value, "a table, as in { name = … }")
            return
        for name, item in value.items():
            unfit = _unfit_text(key, name)
            if unfit:
                yield place, f"{_shown(place)}: {_as_toml(name)} must be {unfit}."
            yield from _check_value(typing.get_args(kind)[1], key, item, (*place, name))
    else:
        expected = _unfit_text(key, value) if kind is str else _unfit_number(kind, key, value)
        if expected:
            yield place, _must_be(place, value, expected)


def _unfit_list(key: Key, value: Any) -> str:
    if not isinstance(value, list):
        return 'a list, as in ["one", "two"]'
    if key.least is not None and len(value) < key.least:
        return "a list with at least one item"
    if key.most is not None and len(value) > key.most:
        return f"a list with at most {key.most} items"
    return ""


def _unfit_text(key: Key, value: Any) -> str:
    """Return what the value must be instead; empty when it is fine."""
    if not isinstance(value, str):
        return 'text in quotes, as in "text"'
    if key.only is not None and value != key.only:
        return _as_toml(key.only)
    if key.text and len(value) > key.text.longest:
        return f"at most {key.text.longest} characters long"
    if key.text and not re.fullmatch(key.text.pattern, value):
        return key.text.words
    return ""


def _unfit_number(kind: type, key: Key, value: Any) -> str:
    """Return what the value must be instead; empty when it is fine."""
    if kind is int and type(value) is not int:
        return "a whole number without quotes"
    if type(value) not in (int, float):
        return "a number without quotes"
    if key.only is not None and value != key.only:
        return _as_toml(key.only)
    # Written so that it holds of NaN, which is neither more nor less than anything.
    if key.most is not None and not value <= key.most:
        return f"at most {key.most}"
    if key.least is not None and not value >= key.least:
        return f"at least {key.least}"
    if key.above is not None and not value > key.above:
        return f"more than {key.above}"
    return ""


def _must_be(place: KeyPath, value: Any, expected: str) -> str:
    return f"{_shown(place)} is {_as_toml(value)}. It must be {expected}."


def _shown(place: KeyPath) -> str:
    """Return ``levels[2].minutes (level 3)``."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    if len(place) > 1 and place[0] == "levels" and isinstance(place[1], int):
        text += f" (level {place[1] + 1})"
    return text


def _as_toml(value: object) -> str:
    """Return a value as it would stand in TOML, shortened."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f'{text[:56]}…"'


def _check_agreement(manifest: Manifest) -> _Errors:
    """Check what the keys one by one do not show."""
    ids = [level.id for level in manifest.levels]
    if len(set(ids)) != len(ids):
        yield ("levels",), "levels: two levels have the same id."
    total = sum(level.minutes for level in manifest.levels)
    if total > manifest.minutes:
        text = f"their minutes add up to {total}, more than minutes = {manifest.minutes}"
        yield ("levels",), f"levels: {text}."
    unfit = _unfit_module(manifest.module)
    if unfit:
        text = f"module is {_as_toml(manifest.module)}, {unfit}. Choose another name for the file."
        yield ("module",), text
    for index, level in enumerate(manifest.levels):
        for name, base in level.symbols.exceptions.items():
            known = getattr(builtins, base, None)
            if not (isinstance(known, type) and issubclass(known, Exception)):
                place = ("levels", index, "symbols", "exceptions", name)
                yield place, _must_be(place, base, "a builtin exception")


def _unfit_module(name: str) -> str:
    """Say why a module of this name cannot be edited and judged; empty when it can."""
    if keyword.iskeyword(name):
        return "a keyword of Python"
    if name in sys.stdlib_module_names:
        return "which would hide the module of the standard library"
    if not is_solution_file(f"{name}.py"):
        return "but files of this name count as tests, which are never judged"
    return ""


def _table_schema(table: type, definitions: dict[str, Any]) -> dict[str, Any]:
    kinds = _kinds_of(table)
    return {
        "type": "object",
        "description": (table.__doc__ or "").replace("`", ""),
        "properties": {
            name: _value_schema(kinds[name], key, definitions)
            for name, key in _keys_of(table).items()
        },
        "required": _required(table),
        "additionalProperties": False,
    }


def _value_schema(kind: Any, key: Key, definitions: dict[str, Any]) -> dict[str, Any]:
    origin = typing.get_origin(kind)
    about = {"description": key.about} if key.about else {}
    inner = key._replace(about="", least=None, most=None)
    if dataclasses.is_dataclass(kind):
        table = typing.cast("type", kind)
        definitions[table.__name__] = _table_schema(table, definitions)
        return {**about, "$ref": f"#/$defs/{table.__name__}"}
    if origin is tuple:
        bounds = {"minItems": key.least, "maxItems": key.most}
        items = _value_schema(typing.get_args(kind)[0], inner, definitions)
        return {**about, "type": "array", "items": items, **_given(bounds)}
    if origin is dict:
        names = _value_schema(str, inner, definitions)
        values = _value_schema(typing.get_args(kind)[1], inner, definitions)
        return {**about, "type": "object", "propertyNames": names, "additionalProperties": values}
    if kind is str:
        text = (
            {"pattern": f"^{key.text.pattern}$", "maxLength": key.text.longest} if key.text else {}
        )
        return {**about, "type": "string", **text, **_given({"const": key.only})}
    bounds = {"minimum": key.least, "exclusiveMinimum": key.above, "maximum": key.most}
    number = "integer" if kind is int else "number"
    return {**about, "type": number, **_given({**bounds, "const": key.only})}


def _given(keywords: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in keywords.items() if value is not None}
