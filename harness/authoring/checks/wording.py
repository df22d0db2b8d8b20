"""A statement reads well: whole Markdown, links that lead somewhere, short sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.authoring.names import line_at, without_code
from harness.authoring.subject import Subject
from harness.model.finding import Check, Finding, Severity
from harness.model.frozen import frozen

MOST_WORDS = 1000
MOST_WORDS_OF_SENTENCE = 40
MOST_WORDS_ON_AVERAGE = 20
HIGHEST_GRADE = 6
"""Plain technical prose has 2 to 5 as it is counted here, where code is short words; the statements
of the problems that come with the tool have less than 2."""

_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})(?P<info>.*)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]\n]*\]\((?P<target>[^)\n]*)\)")
_NAMED_LINK = re.compile(r"\[[^\]\n]+\]\[(?P<name>[^\]\n]+)\]")
_HEADING = re.compile(r"^(?P<marks>#{1,6})(?P<space>\s*)(?P<text>.*)$", re.MULTILINE)
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+#>|]|\d+\.)\s)")
_WORD = re.compile(r"[^\W_][\w'’.,/-]*")
_SENTENCE_END = re.compile(r"(?<=[.!?:;])[\s*_)\"”]+")


@frozen
class Sentence:
    """A sentence of prose, a heading, or an item: whatever is read in one go."""

    place: int
    """Where it begins in the text."""
    words: int
    characters: int
    """Letters and digits."""


def wording(subject: Subject) -> Iterator[Finding]:
    """Statements and editorial are whole Markdown; statements are short, and so their sentences."""
    for level in subject.levels:
        path = subject.problem.statement_path(level)
        text = path.read_text(encoding="utf-8-sig")
        yield from _markdown(path, text, level)
        yield from _length(path, text, level)
    path = subject.problem.editorial_path
    yield from _markdown(path, path.read_text(encoding="utf-8-sig"), None)


def _markdown(path: Path, text: str, level: int | None) -> Iterator[Finding]:
    # Within an open code block nothing else can be told.
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
    sentences = sentences_of(text)
    words = sum(sentence.words for sentence in sentences)
    told = []
    if words > MOST_WORDS:
        told.append((1, f"The statement has {words:,} words, more than {MOST_WORDS:,}."))
    if sentences and words / len(sentences) > MOST_WORDS_ON_AVERAGE:
        average = words / len(sentences)
        told.append((1, f"Its sentences have {average:.0f} words on average."))
    grade = reading_grade(sentences)
    if grade > HIGHEST_GRADE:
        told.append((1, f"Its reading level is school grade {grade:.1f}, above {HIGHEST_GRADE}."))
    for sentence in sentences:
        if sentence.words > MOST_WORDS_OF_SENTENCE:
            line = line_at(text, sentence.place)
            told.append((line, f"This sentence has {sentence.words} words."))
    for line, message in told:
        yield Finding(
            message=message,
            why="Who reads against the clock, in a foreign language perhaps, loses the thread.",
            fix="say less, or say it in shorter sentences and plainer words",
            path=path,
            line=line,
            level=level,
            severity=Severity.WARNING,
        )


def reading_grade(sentences: Sequence[Sentence]) -> float:
    """Return how many years of American school a text asks for; 0 for a text without words.

    It is the Automated Readability Index of R. J. Senter and E. A. Smith, *Automated Readability
    Index*, AMRL-TR-66-220, 1967: 4.71 letters and digits per word + 0.5 words per sentence - 21.43.
    It needs no syllables, which nobody can count in names of code.
    """
    words = sum(sentence.words for sentence in sentences)
    if not words:
        return 0.0
    characters = sum(sentence.characters for sentence in sentences)
    return 4.71 * characters / words + 0.5 * words / len(sentences) - 21.43


def sentences_of(text: str) -> list[Sentence]:
    """Return the sentences of the prose; they end at ``. ! ? : ;`` and with their block.

    A piece of inline code counts as one word of one letter, a block of code as none.
    """
    plain = re.sub(r"^(`{3,}|~{3,})[\s\S]*?^\1", _blank, text, flags=re.MULTILINE)
    plain = re.sub(r"`[^`\n]+`", lambda m: "x" + " " * (len(m.group()) - 1), plain)
    found = []
    for block in _blocks(plain):
        start = block.start()
        ends = [block.start() + m.end() for m in _SENTENCE_END.finditer(block.group())]
        for end in [*ends, block.end()]:
            words = _WORD.findall(plain[start:end])
            if words:
                lead = len(plain[start:end]) - len(plain[start:end].lstrip())
                characters = sum(letter.isalnum() for word in words for letter in word)
                found.append(Sentence(start + lead, len(words), characters))
            start = end
    return found


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


CHECKS = (Check(name="wording", title="the statements are whole and easy to read", run=wording),)
