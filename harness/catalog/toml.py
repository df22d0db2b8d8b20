"""TOML as harness reads and writes it: files, the lines of keys, and tables as text."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from harness.errors import PackError
from harness.model.plain import from_plain

T = TypeVar("T")

KeyPath = tuple[str | int, ...]
"""``("levels", 2, "minutes")``: the key in the third ``[[levels]]`` table."""

_HEADER = re.compile(r"^\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"^\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*="
)
_PART = re.compile(r"[\w-]+|\"[^\"]*\"|'[^']*'")
_MULTILINE = re.compile(r'"""|\'\'\'')


def read_toml(path: Path, kind: type[T], again: str) -> T | None:
    """Return the data class that a file holds; None when there is no file.

    Raises PackError, with the hint ``again``, when it cannot be used.
    """
    try:
        return from_plain(kind, tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise PackError(f"{path} cannot be used: {error}.", again) from None


def toml_table(header: str, keys: Mapping[str, object]) -> str:
    """Return a table as text, ``header`` first; empty for no header."""
    lines = [header] if header else []
    return "\n".join([*lines, *(f"{key} = {toml_value(keys[key])}" for key in keys)]) + "\n"


def toml_value(value: object) -> str:
    """Return a value so that people can read it, and TOML reads it back to the letter."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key} = {toml_value(each)}" for key, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        items = [toml_value(each) for each in value]
        line = f"[{', '.join(items)}]"
        return line if len(line) < 80 else "[\n" + "".join(f"  {each},\n" for each in items) + "]"
    if not isinstance(value, str):
        return json.dumps(value)
    plain = all(char >= " " or char in "\n\t" for char in value) and "\x7f" not in value
    if plain and "\n" not in value and '"' not in value and "\\" not in value:
        return f'"{value}"'
    if plain and "\n" not in value and "'" not in value:
        return f"'{value}'"
    if plain and "'''" not in value and not value.endswith("'"):
        return f"'''\n{value}'''" if "\n" in value else f"'''{value}'''"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line, from 1, of each table header and each key that begins a line.

    tomllib does not report them.
    """
    lines: dict[KeyPath, int] = {}
    arrays: dict[KeyPath, int] = {}
    table: KeyPath = ()
    open_quote = ""
    for number, line in enumerate(text.splitlines(), 1):
        if open_quote:
            open_quote = "" if open_quote in line else open_quote
            continue
        if header := _HEADER.match(line):
            table = _enter(_parts(header[2]), header[1] == "[[", arrays)
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault(table + _parts(key[1]), number)
            quotes = _MULTILINE.findall(line)
            open_quote = quotes[0] if len(quotes) % 2 else ""
    return lines


def line_of(path: Sequence[str | int], lines: Mapping[KeyPath, int]) -> int | None:
    """Return the line of a key, or of the nearest table around it that has one."""
    for length in range(len(path), 0, -1):
        if tuple(path[:length]) in lines:
            return lines[tuple(path[:length])]
    return None


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _enter(parts: tuple[str, ...], is_array: bool, arrays: dict[KeyPath, int]) -> KeyPath:
    """Return the path of a table header, with the index of each array table in it."""
    path: KeyPath = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        if is_array and position == len(parts) - 1:
            arrays[path] = arrays.get(path, -1) + 1
        if path in arrays:
            path = (*path, arrays[path])
    return path
