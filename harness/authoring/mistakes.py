"""Edits of references, and ``mistakes.toml``: those that are wrong, and what is excused.

An edit finds a text that stands exactly once in a file of the reference of its level, and replaces
it. Several replacements of one edit refer to the original text; they must not overlap.

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

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from harness.catalog.toml import KeyPath, key_lines, toml_table
from harness.errors import PackError
from harness.model.frozen import frozen
from harness.model.problem import Snapshot
from harness.words import nearest, quoted

MISTAKES_NAME = "mistakes.toml"
OLD_NAMES = ("wrong", "waivers.toml")
"""What held mistakes and waivers before there was ``mistakes.toml``."""
NAME_OF_MISTAKE = re.compile(r"[A-Za-z0-9_-]+")

_EDIT = ("find", "replace", "file", "edits")
_KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "mistake": (("name", "level", "why"), ("breaks", "case", *_EDIT)),
    "equivalent": (("level", "why"), _EDIT),
    "edits": (("find", "replace"), ("file",)),
    "kept": (("level", "case", "why"), ()),
    "uncited": (("sentence", "why"), ()),
    "naive": (("breaks_at", "why"), ()),
}
"""The keys that each kind of row must have, and may have."""
_TYPES = {
    "level": (int, "a whole number"),
    "breaks_at": (int, "a whole number"),
    "edits": (list, "a list of tables"),
}
"""The types of the keys that are not texts."""


class EditError(ValueError):
    """An edit does not fit its reference. The message is a sentence without its subject."""


@frozen
class Replacement:
    """One text in place of another."""

    file: str
    find: str
    replace: str


@frozen(kw_only=True)
class Edit:
    """A change of the reference of ``level``."""

    level: int
    replacements: tuple[Replacement, ...]
    why: str
    """What goes wrong; of a mutant the operator that made it; or why nothing goes wrong."""
    name: str = ""
    """Of an authored mistake; empty for mutants."""
    breaks: str = ""
    """The rule that it breaks, as a statement says it; empty when it does not say."""
    case: str = ""
    """The hidden case that was written for it; empty when it does not say."""
    line: int | None = field(default=None, compare=False)
    """Where its row begins in ``mistakes.toml``."""

    def apply(self, reference: Snapshot) -> Snapshot:
        """Return the edited solution.

        Raises EditError when a text does not stand exactly once in the reference, when
        replacements overlap, and when the result is not Python or is the reference itself.
        """
        files = dict(reference.files)
        for name in dict.fromkeys(each.file for each in self.replacements):
            if name not in files:
                raise EditError(f"edits {name}, which the reference of level {self.level} lacks")
            own = [each for each in self.replacements if each.file == name]
            text = _replaced(files[name].decode("utf-8"), own, self.level)
            try:
                compile(text, name, "exec", dont_inherit=True)
            except (SyntaxError, ValueError) as error:
                line = getattr(error, "lineno", None)
                where = f" in line {line}" if line else ""
                raise EditError(
                    f"does not compile{where}: {getattr(error, 'msg', error)}"
                ) from None
            files[name] = text.encode()
        if files == reference.files:
            raise EditError("changes nothing")
        return Snapshot(files=files)

    def diff(self, reference: Snapshot) -> str:
        """Return what the edit changes as a unified diff without its header."""
        edited = self.apply(reference)
        lines: list[str] = []
        for name in dict.fromkeys(each.file for each in self.replacements):
            before, after = (each.files[name].decode().splitlines() for each in (reference, edited))
            lines += list(difflib.unified_diff(before, after, name, name, lineterm="", n=2))[2:]
        return "\n".join(lines)

    def first_line(self, reference: Snapshot) -> int:
        """Return the first line that the edit changes, from 1."""
        name = self.replacements[0].file
        edited = self.apply(reference)
        before, after = (each.files[name].decode().splitlines() for each in (reference, edited))
        pairs = enumerate(zip(before, after, strict=False), 1)
        return next((n for n, (old, new) in pairs if old != new), min(len(before), len(after)) or 1)


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
        raise PackError(f"Cannot read {path}: {error}.", f"ls -l {quoted(path)}") from None
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Mistakes(errors=(RowError(f"The file is not TOML: {error}."),))
    return _Reader(f"{module}.py", last_level, key_lines(text)).read(tables)


class _Reader:
    """Turns tables into rows, and gathers what is wrong with them."""

    def __init__(self, file: str, last_level: int, lines: Mapping[KeyPath, int]) -> None:
        self._file = file
        self._last_level = last_level
        self._lines = lines
        self._errors: list[RowError] = []

    def read(self, tables: Mapping[str, Any]) -> Mistakes:
        for key in tables:
            if key not in _KEYS or key == "edits":
                self._refuse(f"[[{key}]] is unknown{_meant(key, _KEYS)}")
        mistakes = [self._edit("mistake", *row) for row in self._rows("mistake", tables)]
        equivalents = [self._edit("equivalent", *row) for row in self._rows("equivalent", tables)]
        naive = [Naive(**row, line=line) for row, line in self._rows("naive", tables)]
        found = Mistakes(
            mistakes=tuple(edit for edit in mistakes if edit),
            equivalents=tuple(edit for edit in equivalents if edit),
            kept=tuple(Kept(**row, line=line) for row, line in self._rows("kept", tables)),
            uncited=tuple(Uncited(**row, line=line) for row, line in self._rows("uncited", tables)),
            naive=naive[0] if naive else None,
        )
        seen: set[str] = set()
        for edit in found.mistakes:
            if not NAME_OF_MISTAKE.fullmatch(edit.name):
                text = f"'{edit.name}' cannot name a mistake: use letters, digits, '_' and '-'."
                self._refuse(text, edit.line, edit.level)
            if edit.name in seen:
                text = f"There are several mistakes named {edit.name}."
                self._refuse(text, edit.line, edit.level)
            seen.add(edit.name)
        return replace(found, errors=tuple(self._errors))

    def _rows(self, kind: str, tables: Mapping[str, Any]) -> Iterator[tuple[Any, int | None]]:
        """Yield the rows of a kind that have the right keys, each with its line."""
        found = tables.get(kind, [])
        for number, row in enumerate(found if isinstance(found, list) else [found]):
            line = self._lines.get((kind, number), self._lines.get((kind,)))
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
        required, optional = _KEYS[kind]
        for key, value in row.items():
            wanted, words = _TYPES.get(key, (str, "a text"))
            if key not in (*required, *optional):
                text = f"{who} has an unknown key '{key}'{_meant(key, (*required, *optional))}"
                self._refuse(text, line)
            elif not isinstance(value, wanted) or isinstance(value, bool):
                self._refuse(f"{who}: {key} is not {words}.", line)
            elif isinstance(value, int) and not 1 <= value <= self._last_level:
                text = f"{who} has level {value}; the levels are 1 to {self._last_level}."
                self._refuse(text, line)
        for key in required:
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
        edits = [row] if single else row["edits"]
        if not single and not all(self._fits("edits", who, each, line) for each in edits):
            return None
        file = row.get("file", self._file)
        return Edit(
            **{key: row[key] for key in ("level", "name", "why", "breaks", "case") if key in row},
            line=line,
            replacements=tuple(
                Replacement(each.get("file", file), each["find"], each["replace"]) for each in edits
            ),
        )

    def _refuse(self, message: str, line: int | None = None, level: int | None = None) -> None:
        self._errors.append(RowError(message, line, level))


def _meant(key: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown key."""
    meant = nearest(key, known)
    return f"; did you mean '{meant}'?" if meant else "."


def mistake_row(edit: Edit, module: str, kind: str = "mistake") -> str:
    """Return an edit as a table of ``mistakes.toml``."""
    keys: dict[str, str | int] = {"name": edit.name, "level": edit.level, "why": edit.why}
    keys |= {"breaks": edit.breaks, "case": edit.case}
    text = toml_table(f"[[{kind}]]", {key: value for key, value in keys.items() if value})
    for each in edit.replacements:
        header = f"[[{kind}.edits]]" if len(edit.replacements) > 1 else ""
        file = {} if each.file == f"{module}.py" else {"file": each.file}
        text += toml_table(header, {**file, "find": each.find, "replace": each.replace})
    return text


def has_old_format(root: Path) -> bool:
    """Return whether a problem has files that ``mistakes.toml`` replaces."""
    return any((root / name).exists() for name in OLD_NAMES)


def edits_between(reference: Snapshot, solution: Snapshot) -> tuple[Replacement, ...]:
    """Return few and short replacements that turn ``reference`` into ``solution``.

    Raises EditError when they do not have the same files, or a file is empty.
    """
    if reference.files.keys() != solution.files.keys():
        extra = sorted(reference.files.keys() ^ solution.files.keys())
        raise EditError(f"does not have the same files as the reference: {', '.join(extra)}")
    found: list[Replacement] = []
    for name, content in solution.files.items():
        before, after = reference.files[name].decode(), content.decode()
        if before != after:
            if not before.strip():
                raise EditError(f"changes {name}, which is empty in the reference")
            found += [Replacement(name, *pair) for pair in _changes(before, after)]
    return tuple(found)


def _replaced(text: str, replacements: Sequence[Replacement], level: int) -> str:
    spans: list[tuple[int, int, str]] = []
    for each in replacements:
        count = _count(text, each.find)
        if count != 1:
            raise EditError(_misfit(text, each.find, count, level))
        start = text.index(each.find)
        spans.append((start, start + len(each.find), each.replace))
    spans.sort()
    for (_, end, _), (start, _, _) in pairwise(spans):
        if start < end:
            line = text.count("\n", 0, start) + 1
            raise EditError(f"has edits that overlap in line {line} of the reference")
    for start, end, new in reversed(spans):
        text = text[:start] + new + text[end:]
    return text


def _count(text: str, find: str) -> int:
    """Return how often a text is found, overlapping places counted."""
    count, place = 0, text.find(find) if find else -1
    while place >= 0:
        count, place = count + 1, text.find(find, place + 1)
    return count


def _misfit(text: str, find: str, count: int, level: int) -> str:
    if not find.strip():
        return "has an edit that finds nothing: `find` is empty"
    first = next(line.strip() for line in find.splitlines() if line.strip())
    if count:
        return f"finds {first!r} {count} times in the reference of level {level}; make it longer"
    lines = {line.strip(): number for number, line in enumerate(text.splitlines(), 1)}
    missing = [line for line in map(str.strip, find.splitlines()) if line and line not in lines]
    wanted = missing[0] if missing else first
    near = nearest(wanted, lines)
    hint = f"; line {lines[near]} is the nearest: {near!r}" if near else ""
    return f"finds {wanted!r} nowhere in the reference of level {level}{hint}"


def _changes(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield pairs of texts: the first stands once in ``before``, the second replaces it."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    hunks = [tuple(code[1:]) for code in matcher.get_opcodes() if code[0] != "equal"]
    merged: list[list[int]] = []
    for window in sorted(_window(hunk, hunks, old, before) for hunk in hunks):
        # Windows may meet where lines were inserted: then both have them.
        if merged and (window[0] < merged[-1][1] or window[2] < merged[-1][3]):
            merged[-1][1] = max(merged[-1][1], window[1])
            merged[-1][3] = max(merged[-1][3], window[3])
        else:
            merged.append(window)
    for start, end, first, last in merged:
        yield _shortened(before, "".join(old[start:end]), "".join(new[first:last]))


def _window(
    hunk: tuple[int, ...], hunks: Sequence[tuple[int, ...]], old: Sequence[str], text: str
) -> list[int]:
    """Return the fewest lines around a hunk that stand only once: old begin, end; new begin, end.

    A hunk is lines ``i1`` to ``i2`` of the old text that became ``j1`` to ``j2`` of the new one.
    """
    i1, i2, j1, j2 = hunk
    for grown in range(len(old) + 1):
        for up in range(grown + 1):
            start, end = i1 - up, i2 + grown - up
            if start < 0 or end > len(old):
                continue
            others = [h for h in hunks if h != hunk and h[0] < end and h[1] > start]
            inside = [h for h in hunks if h != hunk and start <= h[0] and h[1] <= end]
            found = "".join(old[start:end])
            if found.strip() and _count(text, found) == 1 and set(others) <= set(inside):
                longer = [(h[3] - h[2]) - (h[1] - h[0]) for h in inside]
                before = sum(more for h, more in zip(inside, longer, strict=True) if h < hunk)
                behind = sum(longer) - before
                return [start, end, j1 - up - before, j2 + grown - up + behind]
    raise AssertionError("the whole text stands in itself once")


def _shortened(text: str, before: str, after: str) -> tuple[str, str]:
    """Leave the indentation and the end of a single line out, where it still stands once."""
    lines = (before, after)
    if all(each.count("\n") == 1 and each.endswith("\n") for each in lines):
        old, new = (each.strip() for each in lines)
        if new and _count(text, old) == 1 and before.replace(old, new, 1) == after:
            return old, new
    return before, after
