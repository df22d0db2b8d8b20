"""The public names of a problem, and where a text contains one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from harness.model.manifest import Manifest, Symbols

_CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1[`~]*\s*?$|(`+)[^\n]+?\2", re.MULTILINE | re.DOTALL)


def names_of(symbols: Symbols) -> set[str]:
    """Return all names that a level adds."""
    methods = {name for names in symbols.classes.values() for name in names}
    return {*symbols.functions, *symbols.classes, *methods, *symbols.exceptions}


def later_names(manifest: Manifest, level: int) -> dict[str, int]:
    """Return the names that come after ``level`` → the level that brings them."""
    known = {name for spec in manifest.levels[:level] for name in names_of(spec.symbols)}
    later: dict[str, int] = {}
    for number, spec in enumerate(manifest.levels[level:], start=level + 1):
        for name in sorted(names_of(spec.symbols) - known):
            later.setdefault(name, number)
    return later


def line_of_name(text: str, name: str) -> int | None:
    """Return the first line of Markdown that uses ``name`` as a name; None when none does.

    A name that is also an English word, such as ``update``, counts only in code.
    """
    distinctive = "_" in name or name != name.lower()
    found = re.search(rf"\b{re.escape(name)}\b", text if distinctive else code_in(text))
    return line_at(text, found.start()) if found else None


def some_of(names: Sequence[str], most: int = 3) -> str:
    """Return ``A, B and C``; of more than ``most`` the others as a number: ``… C and 2 more``."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def line_at(text: str, place: int) -> int:
    """Return the line, counted from 1, of the character at ``place``."""
    return text.count("\n", 0, place) + 1


def code_in(text: str) -> str:
    """Return Markdown with all but its code blanked, so that every character keeps its place."""
    kept = list(re.sub(r"[^\n]", " ", text))
    for match in _CODE.finditer(text):
        kept[match.start() : match.end()] = match.group()
    return "".join(kept)


def without_code(text: str) -> str:
    """Return Markdown with its code blanked, so that every character keeps its place."""
    return _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
