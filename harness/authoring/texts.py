"""What candidates read: pieces of Markdown, and where a text gives a later level's name away."""

from __future__ import annotations

import builtins
import io
import keyword
import re
import tokenize
from collections.abc import Iterator, Mapping
from enum import Enum, auto

from markdown_it import MarkdownIt

from harness.model.manifest import Manifest, Symbols

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""The parts of ``undo_stack``, ``UndoStack`` and of a sentence."""


class PieceKind(Enum):
    """What a piece of Markdown is."""

    PROSE = auto()
    CODE = auto()
    """Inline, or a block of it."""
    OPEN_CODE = auto()
    """A block of code that is not closed."""
    HEADING = auto()
    """As it is written. Its words and code come again, as pieces."""
    TARGET = auto()
    """Of a link or an image."""


def pieces_of(text: str) -> Iterator[tuple[int, PieceKind, str]]:
    """Yield the pieces of a Markdown text in their order: first line, kind, and content."""
    is_heading = False
    # Without this rule escaped characters are pieces of their own.
    for token in MarkdownIt().disable("text_join").parse(f"{text}\n"):
        start, end = token.map or (0, 0)
        line = start + 1
        if token.type in ("fence", "code_block"):
            is_fence = token.type == "fence"
            is_open = is_fence and token.content.count("\n") != end - start - 2
            yield line + is_fence, PieceKind.OPEN_CODE if is_open else PieceKind.CODE, token.content
        if is_heading:
            yield line, PieceKind.HEADING, token.content
        is_heading = token.type == "heading_open"
        for child in token.children or ():
            target = child.attrs.get("href", child.attrs.get("src"))
            if target is not None:
                yield line, PieceKind.TARGET, str(target)
            elif child.type in ("text", "code_inline"):
                kind = PieceKind.PROSE if child.type == "text" else PieceKind.CODE
                yield line, kind, child.content
            line += child.type in ("softbreak", "hardbreak")


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


def has_name(text: str, name: str) -> bool:
    """Return whether ``name`` stands in a text as a word of its own."""
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def line_of_name(text: str, name: str) -> int | None:
    """Return the first line of Markdown that uses ``name`` as a name; None when none does.

    A name that is also an English word, such as ``update``, counts only in code.
    """
    distinctive = "_" in name or name != name.lower()
    for start, kind, piece in [(1, PieceKind.CODE, text)] if distinctive else pieces_of(text):
        for line, words in enumerate(piece.splitlines(), start):
            if kind in (PieceKind.CODE, PieceKind.OPEN_CODE) and has_name(words, name):
                return line
    return None


def giveaways(
    source: str, later: Mapping[str, int], statement: str
) -> Iterator[tuple[int, str, str]]:
    """Yield where identifiers and comments of a program have names of ``later`` in them.

    Such as ``undo_stack``, or ``# no undo yet``: the line, the identifier or comment, and the name.
    Each name is reported once. A program that is not Python has none.
    """
    known = _words_of(later, statement)
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return
    for token in tokens:
        is_usual = keyword.iskeyword(token.string) or hasattr(builtins, token.string)
        if token.type in (tokenize.NAME, tokenize.COMMENT) and not is_usual:
            said = _words(token.string)
            for name in [name for name, words in known.items() if words in said]:
                del known[name]
                yield token.start[0], token.string, name


def words_given_away(text: str, later: Mapping[str, int], statement: str) -> list[str]:
    """Return the names of ``later`` that a sentence says, also as plain words."""
    said = _words(text)
    return [name for name, words in _words_of(later, statement).items() if words in said]


def _words_of(later: Mapping[str, int], statement: str) -> dict[str, str]:
    """Return name → its words, if one of them is not in ``statement``.

    Words of the statement give nothing away: they belong to the subject, as ``take`` of a queue.
    """
    known = set(_words(statement).split())
    words = {name: _words(name) for name in later if not name.startswith("__")}
    return {name: words[name] for name in words if set(words[name].split()) - known}


def _words(text: str) -> str:
    """Return the words of a name or a sentence in lower case, each between blanks, all singular."""
    return "".join(f" {word.lower().removesuffix('s')} " for word in _WORDS.findall(text))
