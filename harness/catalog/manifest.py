"""Reads ``problem.toml``, and tells its mistakes in words."""

from __future__ import annotations

import builtins
import json
import keyword
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.catalog.mistakes import Mistake, file_mistake
from harness.catalog.toml_lines import KeyPath, key_lines, line_of
from harness.errors import nearest
from harness.model.manifest import Manifest
from harness.model.snapshot import is_solution_file

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_BYTE_ORDER_MARK = "\ufeff"
_MOST_CHARACTERS, _LONGEST_LINE = 100_000, 2000
_TOO_DEEP = "holds values too deep inside each other."
_TOML_PLACE = re.compile(r"^(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)$", re.S)

_NAME_RULES = {
    "slug": "two to forty lower-case letters, digits and underscores, a letter first",
    "id": "two to forty lower-case letters, digits and underscores, a letter first",
    "version": 'three numbers with dots between, as in "1.0.0"',
}
_PYTHON_NAME = "a name as in Python: letters, digits and underscores, no digit first"


def parse_manifest(path: Path, text: str, mistakes: list[Mistake]) -> Manifest | None:
    """Return the manifest, or None after adding all of its ``mistakes``."""
    data = _parse_toml(path, text, mistakes)
    if data is None:
        return None
    import pydantic_core
    from pydantic import ValidationError

    from harness.catalog.schema import ManifestFile

    lines = key_lines(text)
    try:
        plain = pydantic_core.to_json(data)
    except pydantic_core.PydanticSerializationError:
        mistakes.append(file_mistake(path, _TOO_DEEP))
        return None
    try:
        # By way of JSON, because strict validation then still takes a list for a tuple, while it
        # does not take "90" or true for a number.
        file = ManifestFile.model_validate_json(plain, strict=True)
    except ValidationError as error:
        mistakes += _explain_all(error.errors(include_url=False), path, lines)
        return None
    manifest = file.manifest()
    found = _disagreements(manifest, path, lines)
    mistakes += found
    return None if found else manifest


def _parse_toml(path: Path, text: str, mistakes: list[Mistake]) -> dict[str, Any] | None:
    """Parse the syntax only."""
    import tomllib

    unfit = _unfit_for_parsing(text)
    if unfit:
        mistakes.append(file_mistake(path, unfit))
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.match(str(error))
        what = place["what"] if place else str(error)
        line, column = (int(place["line"]), int(place["column"])) if place else (None, None)
        mistakes.append(Mistake(path, f"This is not valid TOML: {what}.", line, column))
        return None
    except RecursionError:
        mistakes.append(file_mistake(path, _TOO_DEEP))
        return None


def _unfit_for_parsing(text: str) -> str:
    """Say why a text is not even parsed; empty when it is. Long lines can cost much time."""
    if text.startswith(_BYTE_ORDER_MARK):
        return "begins with a byte order mark. Save it as UTF-8 without one."
    if len(text) > _MOST_CHARACTERS:
        return f"has {len(text):,} characters. At most {_MOST_CHARACTERS:,} may be."
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > _LONGEST_LINE:
            return (
                f"has {len(line):,} characters in line {number}. At most {_LONGEST_LINE:,} may be."
            )
    return ""


def _explain_all(
    errors: Sequence[ErrorDetails], path: Path, lines: Mapping[KeyPath, int]
) -> list[Mistake]:
    """Return a mistake for each error that is not merely the consequence of another."""
    strangers = [e for e in errors if e["type"] == "extra_forbidden"]
    meant = {(*e["loc"][:-1], _suggestion(e["loc"])) for e in strangers}
    found = []
    for error in errors:
        loc = error["loc"]
        if error["type"] == "missing" and loc in meant:
            continue  # it is there, misspelt, and that is said already
        if error["type"] == "too_short" and error["input"]:
            continue  # its items are broken, and that is said already
        around = loc[:-1] if error["type"] == "missing" else loc
        found.append(Mistake(path, _explain(error), line_of(around, lines)))
    return found


def _explain(error: ErrorDetails) -> str:
    """Return one error of pydantic as a sentence for an author."""
    loc, kind = error["loc"], error["type"]
    if kind == "extra_forbidden":
        return _explain_stranger(loc)
    if kind == "missing":
        return f"{_key(loc)} is missing."
    if not loc:
        return str(error["ctx"]["error"]) + "."
    if loc[-1] == "[key]":
        return f"{_key(loc[:-2])}: {_value(loc[-2])} must be {_PYTHON_NAME}."
    return f"{_key(loc)} is {_value(error['input'])}. It must be {_expected(error)}."


def _explain_stranger(loc: tuple[str | int, ...]) -> str:
    from harness.catalog.schema import keys_of

    meant = _suggestion(loc)
    if meant:
        return f"{_key(loc)} is no key. Did you mean {meant}?"
    if len(loc) > 1 and loc[-1] in keys_of(()):
        return f"{_key(loc)} is no key here. It belongs before the first [table] of the file."
    return f"{_key(loc)} is no key. The keys here are: {', '.join(_keys_beside(loc))}."


def _suggestion(loc: tuple[str | int, ...]) -> str | None:
    return nearest(str(loc[-1]), _keys_beside(loc))


def _keys_beside(loc: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the keys that the table around ``loc`` may have."""
    from harness.catalog.schema import keys_of

    return keys_of(tuple(part for part in loc[:-1] if isinstance(part, str)))


def _key(loc: Sequence[str | int]) -> str:
    """Return ``levels[2].minutes (level 3)``."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    if len(loc) > 1 and loc[0] == "levels" and isinstance(loc[1], int):
        text += f" (level {loc[1] + 1})"
    return text


def _value(value: object) -> str:
    """Return a value as it would stand in TOML, shortened."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f'{text[:56]}…"'


def _expected(error: ErrorDetails) -> str:
    """Return what must stand there instead."""
    words = _WORDS.get(error["type"])
    return words(error) if words else error["msg"].removeprefix("Value error, ")


def _name_rule(error: ErrorDetails) -> str:
    return _NAME_RULES.get(str(error["loc"][-1]), _PYTHON_NAME)


def _limit(error: ErrorDetails, name: str) -> str:
    return f"{error['ctx'][name]:g}"


def _length(error: ErrorDetails) -> str:
    most = _limit(error, "max_length")
    if isinstance(error["input"], str):
        return f"at most {most} characters long"
    return f"a list with at most {most} items"


_WORDS: dict[str, Callable[[ErrorDetails], str]] = {
    "string_pattern_mismatch": _name_rule,
    "string_type": lambda _: 'text in quotes, as in "text"',
    "int_type": lambda _: "a whole number without quotes",
    "int_from_float": lambda _: "a whole number without quotes",
    "float_type": lambda _: "a number without quotes",
    "tuple_type": lambda _: 'a list, as in ["one", "two"]',
    "dict_type": lambda _: "a table, as in { name = … }",
    "model_type": lambda _: "a table of its own",
    "literal_error": lambda e: str(e["ctx"]["expected"]).replace("'", '"'),
    "greater_than": lambda e: f"more than {_limit(e, 'gt')}",
    "greater_than_equal": lambda e: f"at least {_limit(e, 'ge')}",
    "less_than_equal": lambda e: f"at most {_limit(e, 'le')}",
    "too_short": lambda _: "a list with at least one item",
    "too_long": _length,
    "string_too_long": _length,
    "value_error": lambda e: str(e["ctx"]["error"]).removeprefix("must be "),
}


def _disagreements(manifest: Manifest, path: Path, lines: Mapping[KeyPath, int]) -> list[Mistake]:
    """Check what the types cannot: names that Python would refuse, unknown builtin exceptions."""
    found = []
    if keyword.iskeyword(manifest.module):
        text = (
            f"module is {_value(manifest.module)}, a word of the language. Name the file otherwise."
        )
        found.append(Mistake(path, text, line_of(("module",), lines)))
    if manifest.module in sys.stdlib_module_names:
        text = (
            f"module is {_value(manifest.module)}, a module of the standard library, which it "
            "would hide. Name the file otherwise."
        )
        found.append(Mistake(path, text, line_of(("module",), lines)))
    elif not is_solution_file(f"{manifest.module}.py"):
        text = (
            f"module is {_value(manifest.module)}. Files of this name are taken for tests, and "
            "stay outside of the box. Name the file otherwise."
        )
        found.append(Mistake(path, text, line_of(("module",), lines)))
    for index, level in enumerate(manifest.levels):
        for name, base in level.symbols.exceptions.items():
            known = getattr(builtins, base, None)
            if isinstance(known, type) and issubclass(known, Exception):
                continue
            loc = ("levels", index, "symbols", "exceptions", name)
            text = f"{_key(loc)} is {_value(base)}. It must be a builtin exception."
            found.append(Mistake(path, text, line_of(loc, lines)))
    return found
