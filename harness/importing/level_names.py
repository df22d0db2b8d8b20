"""Which level a name mentions: ``level_2``, ``TestStage2``, ``part_a``, ``02_transfers``."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import PurePosixPath

from harness.model.judgement import Suite

_CLEAR = frozenset({"level", "lvl", "stage", "part", "phase", "milestone"})
_VAGUE = frozenset({"step", "task", "round"})
"""Levels in a heading or a folder's name; in a test's name mostly part of the problem."""
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MOST = 20
_TOKEN = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_GLUED = re.compile(r"^(?:level|stage|part)([a-h])$")
_BARE = re.compile(r"^(?:test[_-]?)?0*(\d{1,2})(?:[_-].*)?$")
_SIDES = {
    Suite.VISIBLE: frozenset({"visible", "public", "example", "examples", "sample", "samples"}),
    Suite.HIDDEN: frozenset({"hidden", "private", "secret"}),
}


def level_in_name(name: str, *, vague: bool = False) -> int | None:
    """Return the level that a name or heading mentions; None for none.

    ``vague``: words such as "step" count as well.
    """
    tokens = [token.lower() for token in _TOKEN.findall(name)]
    words = _CLEAR | _VAGUE if vague else _CLEAR
    for word, following in pairwise([*tokens, ""]):
        number = _number(following)
        if number is not None and (word in words or (word == "l" and following.isdecimal())):
            return number
        glued = _GLUED.match(word)
        if glued:
            return ord(glued[1]) - ord("a") + 1
    return None


def level_in_path(path: PurePosixPath) -> int | None:
    """Return the level in the name of a file or of a folder around it, the nearest first."""
    names = [path.stem, *reversed(path.parent.parts)]
    levels = (level_in_name(name, vague=True) for name in names)
    bare = (int(found[1]) for name in names if (found := _BARE.match(name)))
    return next((n for n in levels if n is not None), next((n for n in bare if n <= _MOST), None))


def side_in_name(name: str) -> Suite | None:
    """Return the suite that a name mentions; None for none."""
    tokens = {token.lower() for token in _TOKEN.findall(name)}
    return next((side for side, words in _SIDES.items() if tokens & words), None)


def slug_of(name: str) -> str:
    """Return ``name`` in the form that a problem's name may have."""
    words = [token.lower() for token in _TOKEN.findall(name)]
    slug = re.sub(r"^[^a-z]+", "", "_".join(words))[:40].rstrip("_")
    return slug if len(slug) > 1 else "imported"


def _number(token: str) -> int | None:
    if token.isdecimal():
        return int(token) if int(token) <= _MOST else None
    if len(token) == 1 and "a" <= token <= "h":
        return ord(token) - ord("a") + 1
    return _NUMBERS.index(token) if token in _NUMBERS else None
