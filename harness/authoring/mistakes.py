"""``mistakes.toml`` of a problem: edits of its references that are wrong, and what is excused.

::

    [[mistake]]                    # must fail its level, and pass the levels below
    name = "ties_by_id"
    level = 1
    why = "Among equal priorities it takes the smaller id."
    breaks = "Of tasks with equal priority, the one submitted earlier comes first."   # optional
    case = "test_ids_do_not_matter"                 # optional: the case written for it
    find = 'key=lambda t: (-t.priority, t.number)'  # or several [[mistake.edits]]
    replace = 'key=lambda t: (-t.priority, t.task_id)'

    [[equivalent]]                 # a mutant that behaves as the reference of this level and later
    level = 4
    find = 'return None, 0'
    replace = 'return None, 1'
    why = "…"

    [[kept]]                       # a hidden case that catches no mistake, and stays
    level = 2
    case = "test_large_numbers"
    why = "…"

    [[uncited]]                    # a sentence of a statement that no case has to cite
    sentence = "…"
    why = "…"

    [naive]                        # naive/: a quick design that passes the levels before this one
    breaks_at = 4
    why = "…"
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.authoring.edits import Edit, Replacement
from harness.errors import PackError
from harness.model.frozen import frozen
from harness.words import nearest

MISTAKES_NAME = "mistakes.toml"
OLD_NAMES = ("wrong", "waivers.toml")
"""What held mistakes and waivers before there was ``mistakes.toml``."""

_REQUIRED: Mapping[str, Mapping[str, type]] = {
    "mistake": {"name": str, "level": int, "why": str},
    "equivalent": {"level": int, "why": str},
    "edits": {"find": str, "replace": str},
    "kept": {"level": int, "case": str, "why": str},
    "uncited": {"sentence": str, "why": str},
    "naive": {"breaks_at": int, "why": str},
}
_EDIT = {"find": str, "replace": str, "file": str, "edits": list}
_OPTIONAL: Mapping[str, Mapping[str, type]] = {
    "mistake": {"breaks": str, "case": str, **_EDIT},
    "equivalent": _EDIT,
    "edits": {"file": str},
}
NAME_OF_MISTAKE = re.compile(r"[A-Za-z0-9_-]+")


@frozen
class Kept:
    """A hidden case that stays although it catches no mistake."""

    level: int
    case: str
    why: str
    line: int | None = None


@frozen
class Uncited:
    """A sentence of a statement that no case has to cite."""

    sentence: str
    why: str
    line: int | None = None


@frozen
class Naive:
    """A quick design that a level breaks."""

    breaks_at: int
    why: str
    line: int | None = None


@frozen
class RowError:
    """Something in ``mistakes.toml`` that cannot be used."""

    message: str
    """A whole sentence."""
    line: int | None = None
    level: int | None = None


@frozen(kw_only=True)
class Mistakes:
    """The whole file. Rows that cannot be used are missing, and named in ``errors``."""

    mistakes: tuple[Edit, ...] = ()
    equivalents: tuple[Edit, ...] = ()
    kept: tuple[Kept, ...] = ()
    uncited: tuple[Uncited, ...] = ()
    naive: Naive | None = None
    errors: tuple[RowError, ...] = ()


def read_mistakes(root: Path, module: str, last_level: int) -> Mistakes:
    """Read the file of the problem in ``root``; without a file there are no mistakes.

    ``module``: the name, without ``.py``, of the file that is edited unless a row names another.
    Raises PackError when the file cannot be read.
    """
    path = root / MISTAKES_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Mistakes()
    except (OSError, ValueError) as error:
        raise PackError(f"Cannot read {path}: {error}.", f"ls -l {path}") from None
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Mistakes(errors=(RowError(f"The file is not TOML: {error}."),))
    return _Reader(text, f"{module}.py", last_level).read(tables)


class _Reader:
    """Turns tables into rows, and gathers what is wrong with them."""

    def __init__(self, text: str, file: str, last_level: int) -> None:
        self._file = file
        self._last_level = last_level
        self._errors: list[RowError] = []
        headers = re.finditer(r"^\[\[?(\w+)\]\]?", text, re.MULTILINE)
        self._lines: dict[str, list[int]] = {}
        for header in headers:
            line = text.count("\n", 0, header.start()) + 1
            self._lines.setdefault(header[1], []).append(line)

    def read(self, tables: Mapping[str, Any]) -> Mistakes:
        for key in tables:
            if key not in _REQUIRED or key == "edits":
                self._refuse(f"[[{key}]] is unknown{_meant(key, _REQUIRED)}")
        mistakes = [self._edit("mistake", *row) for row in self._rows("mistake", tables)]
        equivalents = [self._edit("equivalent", *row) for row in self._rows("equivalent", tables)]
        naive = [Naive(r["breaks_at"], r["why"], n) for r, n in self._rows("naive", tables)]
        self._names([edit for edit in mistakes if edit])
        return Mistakes(
            mistakes=tuple(edit for edit in mistakes if edit),
            equivalents=tuple(edit for edit in equivalents if edit),
            kept=tuple(
                Kept(r["level"], r["case"], r["why"], n) for r, n in self._rows("kept", tables)
            ),
            uncited=tuple(
                Uncited(r["sentence"], r["why"], n) for r, n in self._rows("uncited", tables)
            ),
            naive=naive[0] if naive else None,
            errors=tuple(self._errors),
        )

    def _rows(self, kind: str, tables: Mapping[str, Any]) -> Iterator[tuple[Any, int | None]]:
        """Yield the rows of a kind that have the right keys, each with its line."""
        found = tables.get(kind, [])
        lines = self._lines.get(kind, [])
        rows = found if isinstance(found, list) else [found]
        for number, row in enumerate(rows):
            line = lines[number] if number < len(lines) else None
            who = f"[[{kind}]] number {number + 1}" if isinstance(found, list) else f"[{kind}]"
            if isinstance(row, dict) and isinstance(row.get("name"), str):
                who = f"[[{kind}]] {row['name']}"
            if self._fits(kind, who, row, line):
                yield row, line

    def _fits(self, kind: str, who: str, row: Any, line: int | None) -> bool:
        if not isinstance(row, dict):
            self._refuse(f"{who} is not a table.", line)
            return False
        before = len(self._errors)
        kinds: dict[str, type] = {**_REQUIRED[kind], **_OPTIONAL.get(kind, {})}
        for key, value in row.items():
            if key not in kinds:
                self._refuse(f"{who} has an unknown key '{key}'{_meant(key, kinds)}", line)
            elif not isinstance(value, kinds[key]) or isinstance(value, bool):
                words = {str: "a text", int: "a whole number", list: "a list of tables"}
                self._refuse(f"{who}: {key} is not {words[kinds[key]]}.", line)
            elif isinstance(value, int) and not 1 <= value <= self._last_level:
                text = f"{who} has level {value}; the levels are 1 to {self._last_level}."
                self._refuse(text, line)
        for key in _REQUIRED[kind]:
            if key not in row:
                self._refuse(f"{who} has no {key}.", line)
        return len(self._errors) == before

    def _edit(self, kind: str, row: Mapping[str, Any], line: int | None) -> Edit | None:
        who = f"[[{kind}]] {row.get('name', 'of level ' + str(row['level']))}"
        single = "find" in row or "replace" in row
        if single == ("edits" in row) or (single and not {"find", "replace"} <= row.keys()):
            text = f"{who} needs either find and replace, or [[{kind}.edits]]."
            self._refuse(text, line, row["level"])
            return None
        file = row.get("file", self._file)
        edits = [row] if single else row["edits"]
        if not single and not all(self._fits("edits", who, each, line) for each in edits):
            return None
        return Edit(
            level=row["level"],
            name=row.get("name", ""),
            why=row["why"],
            breaks=row.get("breaks", ""),
            case=row.get("case", ""),
            line=line,
            replacements=tuple(
                Replacement(each.get("file", file), each["find"], each["replace"]) for each in edits
            ),
        )

    def _names(self, mistakes: Sequence[Edit]) -> None:
        seen: set[str] = set()
        for edit in mistakes:
            if not NAME_OF_MISTAKE.fullmatch(edit.name):
                text = f"'{edit.name}' cannot name a mistake: use letters, digits, '_' and '-'."
                self._refuse(text, edit.line, edit.level)
            if edit.name in seen:
                text = f"There are several mistakes named {edit.name}."
                self._refuse(text, edit.line, edit.level)
            seen.add(edit.name)

    def _refuse(self, message: str, line: int | None = None, level: int | None = None) -> None:
        self._errors.append(RowError(message, line, level))


def _meant(key: str, known: Mapping[str, object]) -> str:
    """Return the end of a sentence about an unknown key."""
    meant = nearest(key, known)
    return f"; did you mean '{meant}'?" if meant else "."


def mistake_row(edit: Edit, module: str, kind: str = "mistake") -> str:
    """Return an edit as a table of ``mistakes.toml``."""
    keys: dict[str, str | int] = {"name": edit.name, "level": edit.level, "why": edit.why}
    keys |= {"breaks": edit.breaks, "case": edit.case}
    rows = [f"[[{kind}]]", *(f"{key} = {_toml(value)}" for key, value in keys.items() if value)]
    for each in edit.replacements:
        if len(edit.replacements) > 1:
            rows.append(f"[[{kind}.edits]]")
        if each.file != f"{module}.py":
            rows.append(f"file = {_toml(each.file)}")
        rows += [f"find = {_toml(each.find)}", f"replace = {_toml(each.replace)}"]
    return "\n".join(rows) + "\n"


def kept_row(kept: Kept) -> str:
    """Return a kept case as a table of ``mistakes.toml``."""
    keys: dict[str, str | int] = {"level": kept.level, "case": kept.case, "why": kept.why}
    return "\n".join(["[[kept]]", *(f"{k} = {_toml(v)}" for k, v in keys.items())]) + "\n"


def _toml(value: str | int) -> str:
    """Write a value so that people can read it, and TOML reads it back to the letter."""
    if isinstance(value, int):
        return str(value)
    plain = all(char >= " " or char in "\n\t" for char in value) and "\x7f" not in value
    if plain and "\n" not in value and '"' not in value and "\\" not in value:
        return f'"{value}"'
    if plain and "\n" not in value and "'" not in value:
        return f"'{value}'"
    if plain and "'''" not in value and not value.endswith("'"):
        return f"'''\n{value}'''" if "\n" in value else f"'''{value}'''"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
