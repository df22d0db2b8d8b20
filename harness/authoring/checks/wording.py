"""Statements are whole Markdown of a bearable length, and code in them can be copied."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from harness.authoring.names import code_in, line_at, without_code
from harness.authoring.subject import Subject
from harness.authoring.suites import suites_of
from harness.model.finding import Check, Finding, Severity

MOST_WORDS = 1000

_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})(?P<info>.*)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]\n]*\]\((?P<target>[^)\n]*)\)")
_NAMED_LINK = re.compile(r"\[[^\]\n]+\]\[(?P<name>[^\]\n]+)\]")
_HEADING = re.compile(r"^(?P<marks>#{1,6})(?P<space>\s*)(?P<text>.*)$", re.MULTILINE)
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+#>|]|\d+\.)\s)")
_WORD = re.compile(r"[^\W_][\w'’.,/-]*")
_NO_PYTHON = re.compile("[\u201c\u201d\u201e\u2018\u2019\u201a\u2212\u00a0]")
"""Typographic quotes, the minus sign and the no-break space."""


def wording(subject: Subject) -> Iterator[Finding]:
    """Statements and editorial are whole Markdown; no letter only looks like another."""
    problem = subject.problem
    for level in subject.levels:
        path = problem.statement_path(level)
        text = path.read_text(encoding="utf-8-sig")
        yield from _markdown(path, text, level)
        yield from _length(path, text, level)
        yield from _look_alikes(path, text, level)
    editorial = problem.editorial_path
    yield from _markdown(editorial, editorial.read_text(encoding="utf-8-sig"), None)
    for source in suites_of(problem):
        yield from _look_alikes(source.path, source.text, source.level)
    for name, content in subject.skeleton.files.items():
        yield from _look_alikes(problem.template / name, content.decode(errors="replace"), None)


def _look_alikes(path: Path, text: str, level: int | None) -> Iterator[Finding]:
    """Yield characters that look like others: quotes in code, letters of another alphabet."""
    found = []
    quote = _NO_PYTHON.search(code_in(text)) if path.suffix == ".md" else None
    if quote is not None:
        found.append((quote.start(), f"The code has {_name(quote[0])}, which is not Python."))
    for word in re.finditer(r"\w*[A-Za-z]\w*", text):
        other = next((letter for letter in word[0] if _is_foreign(letter)), None)
        if other is not None:
            found.append((word.start(), f"'{word[0]}' has {_name(other)} among Latin letters."))
    for place, message in found:
        yield Finding(
            message=message,
            why="What looks the same is not the same: copied code fails, and so do comparisons.",
            fix="write the ASCII character",
            path=path,
            line=line_at(text, place),
            level=level,
        )


def _is_foreign(letter: str) -> bool:
    # Greek letters are used in names such as Δt; but for this one they look like themselves.
    name = unicodedata.name(letter, "")
    return name.startswith(("CYRILLIC ", "FULLWIDTH LATIN ")) or name.endswith("LETTER OMICRON")


def _name(character: str) -> str:
    return f"{character} (U+{ord(character):04X}, {unicodedata.name(character, 'unnamed')})"


def _markdown(path: Path, text: str, level: int | None) -> Iterator[Finding]:
    # Within an open code block nothing else can be seen.
    for place, message, fix in list(_fences(text)) or [*_marks(text), *_links(text)]:
        yield Finding(
            message=message,
            why="The candidate reads it as a terminal or a browser shows it: broken.",
            fix=fix,
            path=path,
            line=line_at(text, place),
            level=level,
        )


def _fences(text: str) -> Iterator[tuple[int, str, str]]:
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence["mark"].startswith(opened["mark"]) and not fence["info"].strip():
            opened = None
    if opened is not None:
        yield opened.start(), "This code block is not closed.", f"end it with {opened['mark']}"


def _marks(text: str) -> Iterator[tuple[int, str, str]]:
    plain = without_code(text)
    for block in _blocks(plain):
        if plain[block.start() : block.end()].count("`") % 2:
            place = plain.index("`", block.start())
            yield place, "A backtick without its partner.", "close the code, or take it out"
        bold = plain[block.start() : block.end()].count("**")
        if bold % 2:
            place = plain.index("**", block.start())
            yield place, "A ** without its partner.", "close it, or take it out"
    if not re.match(r"\s*# \S", plain):
        yield (
            0,
            "The text does not begin with a heading.",
            'write "# Level 1: Its title" or the like',
        )
    for heading in _HEADING.finditer(plain):
        if not heading["space"] and heading["text"]:
            yield heading.start(), "This heading has no space after its #.", "write one"


def _blocks(text: str) -> Iterator[re.Match[str]]:
    """Yield paragraphs and items."""
    return re.finditer(rf"(?:(?!{_BLOCK.pattern})[\s\S])+", text)


def _links(text: str) -> Iterator[tuple[int, str, str]]:
    plain = without_code(text)
    anchors = {_anchor(heading["text"]) for heading in _HEADING.finditer(plain)}
    for link in _LINK.finditer(plain):
        target = link["target"].split(" ")[0].strip("<>")
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        if target.startswith("#") and target[1:] in anchors:
            continue
        # Statements are shown without the folder they lie in: no file can be reached.
        yield link.start(), f"The link to '{target}' leads nowhere.", "say it in the text"
    for link in _NAMED_LINK.finditer(plain):
        if not re.search(rf"^ *\[{re.escape(link['name'])}\]:", plain, re.MULTILINE):
            yield link.start(), f"There is no [{link['name']}]: …", "add it, or take it out"


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _length(path: Path, text: str, level: int) -> Iterator[Finding]:
    """Count words; a piece of inline code is one, a block of code none."""
    prose = re.sub(r"^(`{3,}|~{3,})[\s\S]*?^\1", "", text, flags=re.MULTILINE)
    words = len(_WORD.findall(re.sub(r"`[^`\n]+`", "x", prose)))
    if words > MOST_WORDS:
        yield Finding(
            message=f"The statement has {words:,} words, more than {MOST_WORDS:,}.",
            why="Candidates read under time pressure, often in a second language.",
            fix="say less, or leave a part to another level",
            path=path,
            line=1,
            level=level,
            severity=Severity.WARNING,
        )


CHECKS = (Check(name="wording", title="the statements are whole and can be copied", run=wording),)
