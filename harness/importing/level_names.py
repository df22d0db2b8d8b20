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
_NUMBERED = re.compile(r"^\W*(?:[A-Za-z]+\s+)?0*(\d{1,2})\s*(?:[.:)–—-]|$)")
_SIDES = {
    Suite.VISIBLE: frozenset({"visible", "public", "example", "examples", "sample", "samples"}),
    Suite.HIDDEN: frozenset({"hidden", "private", "secret"}),
}


def tokens_of(name: str) -> list[str]:
    """Return the words and numbers of a name: ``Part1``, ``part_1`` → ``part``, ``1``."""
    return [token.lower() for token in _TOKEN.findall(name)]


def level_in_name(name: str, *, vague: bool = False) -> int | None:
    """Return the level that a name or heading mentions; None for none.

    ``vague``: words such as "step" count as well.
    """
    tokens = tokens_of(name)
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


def numbers_in_name(name: str) -> dict[str, int]:
    """Return the numbers in a name by the word before each: ``test_group_2_a`` → group: 2."""
    tokens = tokens_of(name)
    return {
        word: int(number)
        for word, number in pairwise(tokens)
        if not word.isdecimal() and number.isdecimal() and int(number) <= _MOST
    }


def level_in_heading(heading: str) -> int | None:
    """Return the level of a heading, that of ``2. Queue`` or ``Exercise 3`` as well."""
    level = level_in_name(heading, vague=True)
    if level is None and (found := _NUMBERED.match(heading)):
        level = int(found[1])
    return level


def level_pattern(text: str) -> re.Pattern[str]:
    """Return the pattern of ``--level``, whose first group is the number or letter of a level.

    ``text``: a regular expression; the number may be a group, ``{}``, or simply follow. Raises
    ValueError for one that cannot be read.
    """
    number = r"0*(\d+|[A-Za-z](?![A-Za-z]))"
    if "{}" in text:
        text = text.replace("{}", number)
    elif r"\d" in text and "(" not in text:
        text = re.sub(r"\\d[+*?]?(\{[^}]*\})?", r"0*(\\d+)", text, count=1)
    try:
        if not re.compile(text).groups:
            text += r"[\s_.:=(#-]*" + number
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise ValueError(str(error)) from None


def level_by_pattern(pattern: re.Pattern[str], name: str) -> int | None:
    """Return the level that a name has by the pattern of ``--level``; None for none."""
    found = pattern.search(name)
    return _number(found[1].lower()) if found and found[1] else None


def side_in_name(name: str) -> Suite | None:
    """Return the suite that a name mentions; None for none."""
    tokens = set(tokens_of(name))
    return next((side for side, words in _SIDES.items() if tokens & words), None)


def slug_of(name: str) -> str:
    """Return ``name`` in the form that a problem's name may have."""
    words = tokens_of(name)
    slug = re.sub(r"^[^a-z]+", "", "_".join(words))[:40].rstrip("_")
    return slug if len(slug) > 1 else "imported"


def _number(token: str) -> int | None:
    if token.isdecimal():
        return int(token) if int(token) <= _MOST else None
    if len(token) == 1 and "a" <= token <= "h":
        return ord(token) - ord("a") + 1
    return _NUMBERS.index(token) if token in _NUMBERS else None
