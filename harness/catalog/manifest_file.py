"""Reads ``problem.toml``, and names all that is wrong with it at once."""

from __future__ import annotations

import builtins
import json
import keyword
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.catalog.content import Flaw, file_flaw
from harness.catalog.toml import KeyPath, key_lines, line_of
from harness.model.limits import Limits, name_in_file
from harness.model.manifest import PATTERNS, RETIRED_KEYS, LevelSpec, Manifest, Symbols
from harness.model.problem import is_solution_file
from harness.words import nearest

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

_BYTE_ORDER_MARK = "\ufeff"
_MOST_CHARACTERS, _LONGEST_LINE = 100_000, 2000
_TOML_PLACE = re.compile(r"^(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)$", re.S)
_TOO_DEEP = "holds values nested too deeply."

_TABLES: Mapping[tuple[str, ...], type] = {
    (): Manifest,
    ("limits",): Limits,
    ("levels",): LevelSpec,
    ("levels", "symbols"): Symbols,
}
"""The tables of the file, by the keys that lead to them."""

_Errors = Iterator[tuple[KeyPath, str]]
"""Where something is wrong, and a sentence about it."""


def parse_manifest(path: Path, text: str, flaws: list[Flaw]) -> Manifest | None:
    """Return the manifest, or None after adding all that is wrong with it to ``flaws``."""
    data = _parse_toml(path, text, flaws)
    if data is None:
        return None
    import pydantic_core

    errors = [*_check_retired(data)]
    known = {key: value for key, value in data.items() if key not in RETIRED_KEYS}
    manifest = None
    try:
        # By way of JSON, because strict validation then still takes a list for a tuple, while it
        # does not take "90" or true for a number.
        _adapter().validate_json(pydantic_core.to_json(known))
        manifest = Manifest.from_table(data)
        errors += _check_agreement(manifest)
    except pydantic_core.PydanticSerializationError:
        flaws.append(file_flaw(path, _TOO_DEEP))
        return None
    except pydantic_core.ValidationError as error:
        errors += _explain_all(error.errors(include_url=False))
    except ValueError as error:  # a date, which is text in JSON
        errors.append(((), f"{error}."))
    lines = key_lines(text)
    flaws += [Flaw(path, sentence, line_of(place, lines)) for place, sentence in errors]
    return None if errors else manifest


def json_schema() -> dict[str, Any]:
    """Return what the file may say as a JSON Schema, for editors that complete TOML by one.

    What only loading a problem checks is left out, such as that the levels' minutes add up.
    """
    schema = _adapter().json_schema()
    for name, value in RETIRED_KEYS.items():
        about = "Ignored: every case has a fresh box."
        schema["properties"][name] = {"const": value, "deprecated": True, "description": about}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "problem.toml",
    }


@cache
def _adapter() -> TypeAdapter[Manifest]:
    from pydantic import TypeAdapter

    return TypeAdapter(Manifest)


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
        flaws.append(file_flaw(path, _TOO_DEEP))
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


def _keys_of(table: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys that a table of the file may have."""
    return tuple(name_in_file(each.name) for each in fields(_TABLES[table]))


def _check_retired(data: Mapping[str, Any]) -> _Errors:
    for name, only in RETIRED_KEYS.items():
        if data.get(name, only) != only:
            yield (name,), _must_be((name,), data[name], _as_toml(only))


def _explain_all(errors: Sequence[ErrorDetails]) -> _Errors:
    """Put each error of pydantic that is not merely the consequence of another into words."""
    unknown = [error["loc"] for error in errors if error["type"] in _UNKNOWN_KEY]
    meant = {(*place[:-1], _meant(place)) for place in unknown}
    for error in errors:
        place = error["loc"]
        if error["type"] in _MISSING:
            if place not in meant:  # else it is there, misspelt
                yield place[:-1], f"{_shown(place)} is missing."
        elif error["type"] in _UNKNOWN_KEY:
            yield place, _explain_unknown(place)
        elif place[-1:] == ("[key]",):
            yield (
                place[:-2],
                f"{_shown(place[:-2])}: {_as_toml(place[-2])} must be {_expected(error)}.",
            )
        elif error["type"] != "too_short" or not error["input"]:  # else its items are wrong
            yield place, _must_be(place, error["input"], _expected(error))


def _meant(place: KeyPath) -> str | None:
    return nearest(str(place[-1]), _keys_beside(place))


def _keys_beside(place: KeyPath) -> tuple[str, ...]:
    return _keys_of(tuple(part for part in place[:-1] if isinstance(part, str)))


def _explain_unknown(place: KeyPath) -> str:
    meant = _meant(place)
    if meant:
        return f"unknown key {_shown(place)}. Did you mean {meant}?"
    if len(place) > 1 and place[-1] in _keys_of(()):
        return f"unknown key {_shown(place)}. It belongs before the first [table] of the file."
    return f"unknown key {_shown(place)}. The keys here are: {', '.join(_keys_beside(place))}."


_MISSING = ("missing", "missing_argument", "missing_keyword_only_argument")
_UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")

_EXPECTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "string_type": lambda _: 'text in quotes, as in "text"',
    "int_type": lambda _: "a whole number without quotes",
    "int_from_float": lambda _: "a whole number without quotes",
    "float_type": lambda _: "a number without quotes",
    "tuple_type": lambda _: 'a list, as in ["one", "two"]',
    "dict_type": lambda _: "a table, as in { name = … }",
    "dataclass_type": lambda _: "a table of its own",
    "literal_error": lambda context: str(context["expected"]).replace("'", '"'),
    "greater_than": lambda context: f"more than {context['gt']:g}",
    "greater_than_equal": lambda context: f"at least {context['ge']:g}",
    "less_than_equal": lambda context: f"at most {context['le']:g}",
    "string_pattern_mismatch": lambda context: PATTERNS[context["pattern"]],
    "string_too_long": lambda context: f"at most {context['max_length']} characters long",
    "too_short": lambda _: "a list with at least one item",
    "too_long": lambda context: f"a list with at most {context['max_length']} items",
}
"""What must stand there instead, by pydantic's type of the error and its context."""


def _expected(error: ErrorDetails) -> str:
    return _EXPECTED[error["type"]](error.get("ctx", {}))


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
    declared: set[str] = set()
    for index, level in enumerate(manifest.levels):
        for name, base in level.symbols.exceptions.items():
            known = getattr(builtins, base, None)
            is_builtin = isinstance(known, type) and issubclass(known, Exception)
            if not is_builtin and base not in declared:
                place = ("levels", index, "symbols", "exceptions", name)
                yield place, _must_be(place, base, "a builtin exception, or one declared before it")
            declared.add(name)


def _unfit_module(name: str) -> str:
    """Say why a module of this name cannot be edited and judged; empty when it can."""
    if keyword.iskeyword(name):
        return "a keyword of Python"
    if name in sys.stdlib_module_names:
        return "which would hide the module of the standard library"
    if not is_solution_file(f"{name}.py"):
        return "but files of this name count as tests, which are never judged"
    return ""
