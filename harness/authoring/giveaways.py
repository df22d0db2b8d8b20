"""Identifiers and comments that leak names of later levels: ``undo_stack``, ``# no undo yet``."""

from __future__ import annotations

import builtins
import io
import keyword
import re
import tokenize
from collections.abc import Iterator, Mapping

from harness.model.frozen import frozen

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""The parts of ``undo_stack``, ``UndoStack`` and of a sentence."""


@frozen
class Giveaway:
    """One place."""

    line: int
    said: str
    """The whole identifier or comment."""
    name: str
    """The name of a later level that is in it."""


def giveaways(source: str, later: Mapping[str, int], statement: str) -> Iterator[Giveaway]:
    """Yield where a program's identifiers and comments have names of ``later`` in them.

    Each name is reported once. A word of ``statement`` gives nothing away: it belongs to the
    subject, such as ``take`` of a queue. A program that is not Python has none.
    """
    wanted = _wanted(later, statement)
    seen: set[str] = set()
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return
    for token in tokens:
        is_usual = keyword.iskeyword(token.string) or hasattr(builtins, token.string)
        if token.type in (tokenize.NAME, tokenize.COMMENT) and not is_usual:
            said = _parts(token.string)
            for parts, name in wanted.items():
                if name not in seen and _holds(said, parts):
                    seen.add(name)
                    yield Giveaway(token.start[0], token.string, name)


def words_given_away(text: str, later: Mapping[str, int], statement: str) -> list[str]:
    """Return the names of ``later`` that a sentence says, also as plain words."""
    said = _parts(text)
    return [name for parts, name in _wanted(later, statement).items() if _holds(said, parts)]


def _wanted(later: Mapping[str, int], statement: str) -> dict[tuple[str, ...], str]:
    """Return the parts of each name that is not a word of ``statement`` → the name."""
    known = set(_parts(statement))
    names = [name for name in later if not name.startswith("__")]
    return {_parts(name): name for name in names if not set(_parts(name)) <= known}


def _parts(text: str) -> tuple[str, ...]:
    return tuple(_plain(word) for word in _WORDS.findall(text))


def _plain(word: str) -> str:
    """Return ``mark`` for ``Marks``."""
    return word.lower().removesuffix("s")


def _holds(said: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Tell whether ``parts`` stand in ``said``, one after the other."""
    size = len(parts)
    return size > 0 and any(
        said[place : place + size] == parts for place in range(len(said) - size + 1)
    )
