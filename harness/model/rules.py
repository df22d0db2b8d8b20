"""The rules of a problem: the sentences of its statements, and the cases that cite them.

Nothing that only the eye sees counts: emphasis, code marks, line breaks, and a label in bold in
front of a rule (``**Fairness.** …``). Code blocks and comments hold no rules.

A case cites a rule in a paragraph of its docstring, word for word::

    def test_ids_do_not_matter():
        \"\"\"Among equal priorities the ids themselves do not matter

        Rule: Of tasks with equal priority, the one submitted earlier comes first.
        Rule (run_next): If no task is ready, returns `None`.
        \"\"\"

The lines of a citation break freely; it ends at an empty line or where the next one begins. The
name of a heading in parentheses tells equal sentences apart.
"""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache, cached_property

from harness.model.frozen import frozen

_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
_QUOTE = re.compile(r"\s*>\s?")
_LABEL = re.compile(r"^\*\*[^*]+[.:]\*\*\s*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[*_)\"”]*\s+(?=[A-Z`*\"“(])")
_BOUNDS = re.compile(r"(?:bounds?|inputs?|limits?)\b", re.IGNORECASE)
_EXAMPLE = re.compile(r"examples?\b", re.IGNORECASE)
_CHANGED = re.compile(r"changed\b", re.IGNORECASE)
_LEAD_IN = re.compile(r".*:|`[^`]*\([^`]*`|Write (?:the|a|an) (?:class|function|module)\b.*")
"""What decides nothing by itself: lead-ins, lone signatures, and what to write."""

_BEGIN = r"Rule(?: \((?P<heading>[^)\n]*)\))?:"
CITATION = re.compile(
    rf"^[ \t]*{_BEGIN}(?P<text>.*(?:\n(?![ \t]*(?:\n|\Z|Rule(?: \([^)\n]*\))?:)).*)*)",
    re.MULTILINE,
)
"""A paragraph of a docstring that cites a rule."""


class RuleKind(StrEnum):
    """What a piece of a statement is."""

    RULE = "rule"
    LEAD_IN = "lead-in"
    SIGNATURE = "signature"
    """Of a heading."""
    STORY = "story"
    BOUND = "bound"
    EXAMPLE = "example"
    REPLACED = "replaced"
    """A sentence of an earlier level, quoted under "Changed": it holds no longer."""


@frozen
class Rule:
    """One sentence of a statement."""

    level: int
    line: int
    """Where its paragraph or item begins."""
    kind: RuleKind
    text: str
    """As it is written, on one line."""
    heading: str

    @cached_property
    def plain(self) -> str:
        """The text without what only the eye sees."""
        return plain(self.text)

    @property
    def words(self) -> int:
        """How many words it has; a piece of code counts as one."""
        return len(re.sub(r"`[^`]*`", "x", self.text).split())

    @property
    def is_citable(self) -> bool:
        """Whether a case can rest on it."""
        return self.kind not in (RuleKind.EXAMPLE, RuleKind.REPLACED)

    def stands_under(self, heading: str) -> bool:
        """Whether its heading has this word in it; an empty one is in every heading."""
        return not heading or heading in re.findall(r"\w+", self.heading)


def plain(text: str) -> str:
    """Return a sentence without label, emphasis, code marks and line breaks."""
    text = re.sub(r"[*`]", "", _LABEL.sub("", " ".join(text.split())))
    return " ".join(re.sub(r"(?<!\w)_(\w[^_]*)_(?!\w)", r"\1", text).split())


@cache
def rules_of(statement: str, level: int) -> tuple[Rule, ...]:
    """Return the sentences of the statement of ``level``, and the signatures of its headings.

    The first paragraph is the story. Sections called Bounds, Input or Limits hold limits of the
    input; what stands under Example is none of the rules.
    """
    found = []
    section, heading, kind = "", "", RuleKind.STORY
    for line, block, text in _blocks(statement):
        if block == "heading":
            heading = text.lstrip("# ")
            section = heading if re.match(r"##\s", text) else section
            if signature := re.search(r"`(.+\(.*\).*)`", text):
                found.append(Rule(level, line, RuleKind.SIGNATURE, signature[1], heading))
            continue
        if kind is not RuleKind.STORY:
            kind = _kind_of(section, block)
        for sentence in sentences_of(_LABEL.sub("", text)):
            is_lead_in = kind is RuleKind.RULE and _LEAD_IN.fullmatch(sentence)
            what = RuleKind.LEAD_IN if is_lead_in else kind
            found.append(Rule(level, line, what, sentence, heading))
        kind = RuleKind.RULE
    return tuple(found)


def _kind_of(section: str, block: str) -> RuleKind:
    if block == "quote" and _CHANGED.match(section):
        return RuleKind.REPLACED
    if _BOUNDS.match(section):
        return RuleKind.BOUND
    return RuleKind.EXAMPLE if _EXAMPLE.match(section) else RuleKind.RULE


def _blocks(statement: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, kind and text of headings, paragraphs, items and quotes, each on one line."""
    statement = re.sub(
        r"<!--.*?-->", lambda found: re.sub(r"[^\n]", "", found[0]), statement, flags=re.DOTALL
    )
    start, kind, held = 0, "", list[str]()
    fence = ""
    for number, line in enumerate([*statement.splitlines(), ""], start=1):
        mark = re.match(r"\s*(`{3,}|~{3,})", line)
        new = _block_kind(line)
        goes_on = (new == "paragraph" and kind != "heading") or new == kind == "quote"
        if held and (mark or fence or not line.strip() or not goes_on):
            yield start, kind, " ".join(held)
            held = []
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        elif line.strip():
            if not held:
                start, kind = number, new
            begin = {"item": _ITEM, "quote": _QUOTE}.get(new)
            held.append((begin.sub("", line, count=1) if begin else line).strip())


def _block_kind(line: str) -> str:
    if line.startswith("#"):
        return "heading"
    if _QUOTE.match(line):
        return "quote"
    return "item" if _ITEM.match(line) else "paragraph"


def sentences_of(text: str) -> list[str]:
    """Split a paragraph at the ends of sentences that do not stand within code."""
    masked = re.sub(r"`[^`]*`", lambda found: f"`{'x' * (len(found[0]) - 2)}`", text)
    ends = [found.end() for found in _SENTENCE_END.finditer(masked)]
    cuts = [0, *ends, len(text)]
    pieces = (text[start:end].strip() for start, end in itertools.pairwise(cuts))
    return [piece for piece in pieces if piece]


@frozen
class Citation:
    """A sentence that a case quotes from a statement."""

    text: str
    """On one line."""
    heading: str = ""
    """A word of the heading that the sentence stands under; empty when the case names none."""


def citations_in(docstring: str) -> tuple[Citation, ...]:
    """Return the citations of a docstring, in their order."""
    return tuple(citation_of(found) for found in CITATION.finditer(docstring))


def rules_cited(docstring: str, statements: Mapping[int, str], level: int) -> list[Rule]:
    """Return what a case of ``level`` cites, each as the newest statement up to there has it.

    ``statements``: by level. A citation that stands in none is left out: that is the author's
    business.
    """
    found = []
    for citation in citations_in(inspect.cleandoc(docstring)):
        wanted = plain(citation.text)
        said = (
            rule
            for number in sorted(statements, reverse=True)
            for rule in rules_of(statements[number], number)
            if number <= level
            and rule.is_citable
            and rule.plain == wanted
            and rule.stands_under(citation.heading)
        )
        rule = next(said, None)
        if rule is not None:
            found.append(rule)
    return found


def citation_of(found: re.Match[str]) -> Citation:
    """Return the citation that ``CITATION`` has found."""
    return Citation(" ".join(found["text"].split()), found["heading"] or "")
