"""The rules of a problem's statements, and where a case's citations stand among them."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto
from pathlib import Path

from harness.authoring.files import write_whole
from harness.authoring.suites import CaseSource, cases_of, requote, suites_of
from harness.errors import RequestError
from harness.model.frozen import frozen
from harness.model.judgement import Suite
from harness.model.problem import Problem
from harness.model.rules import Citation, Rule, RuleKind, plain, rules_of

_LEAST_LIKENESS = 0.6
"""Of a sentence to what was meant by a citation, as ``difflib`` measures it: 1 is equal."""


class Match(Enum):
    """How a citation fits the statements up to the level of its case."""

    FOUND = auto()
    REPLACED = auto()
    """A sentence that a statement up to there replaces."""
    AMBIGUOUS = auto()
    """It stands under several headings."""
    OTHER_HEADING = auto()
    """It stands only under other headings than the one that is named."""
    LATER = auto()
    """Only a later level says it."""
    PART = auto()
    """It is not a whole sentence."""
    UNKNOWN = auto()


class RuleBook:
    """All sentences of a problem's statements, oldest level first."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._by_text: dict[str, list[Rule]] = {}
        for rule in self.rules:
            self._by_text.setdefault(rule.plain, []).append(rule)

    @classmethod
    def of(cls, problem: Problem) -> RuleBook:
        """Read the statements of ``problem``."""
        return cls(
            rule
            for level in range(1, problem.level_count + 1)
            for rule in rules_of(problem.statement(level), level)
        )

    def numbered(self) -> dict[str, Rule]:
        """Return what can be cited by its number, such as ``2.17``: level and place in it."""
        counts: dict[int, int] = {}
        found = {}
        for rule in self.rules:
            if rule.is_citable:
                counts[rule.level] = counts.get(rule.level, 0) + 1
                found[f"{rule.level}.{counts[rule.level]}"] = rule
        return found

    def citing(self, cases: Iterable[CaseSource]) -> dict[Rule, list[CaseSource]]:
        """Return each rule that hidden ones of ``cases`` cite → those cases."""
        found: dict[Rule, list[CaseSource]] = {}
        for case in cases:
            for citation in case.citations if case.source.suite is Suite.HIDDEN else ():
                match, rules = self.look_up(citation, case.source.level)
                for rule in rules if match is Match.FOUND else ():
                    found.setdefault(rule, []).append(case)
        return found

    def citation_of(self, rule: Rule) -> Citation:
        """Return how a case cites ``rule``: with a word of its heading if another has it, too."""
        same = [each for each in self._by_text[rule.plain] if each.heading != rule.heading]
        words = re.findall(r"\w+", rule.heading)
        heading = next((w for w in words if not any(each.stands_under(w) for each in same)), "")
        return Citation(rule.text, heading if same else "")

    def look_up(self, citation: Citation, level: int) -> tuple[Match, Sequence[Rule]]:
        """Return how the citation of a case of ``level`` fits, and the sentences concerned."""
        said = [r for r in self._by_text.get(plain(citation.text), ()) if r.is_citable]
        cited = [rule for rule in said if rule.stands_under(citation.heading)]
        known = [rule for rule in cited if rule.level <= level]
        if not known and cited:
            return Match.LATER, cited
        if said and not known:
            return Match.OTHER_HEADING, said
        if not known:
            wanted = plain(citation.text)
            wholes = [rule for rule in self.rules if rule.is_citable and wanted in rule.plain]
            return (Match.PART, wholes) if wholes else (Match.UNKNOWN, ())
        if all(self.is_replaced(rule, level) for rule in known):
            return Match.REPLACED, known
        ambiguous = len({rule.heading for rule in known}) > 1
        return Match.AMBIGUOUS if ambiguous else Match.FOUND, known

    def is_replaced(self, rule: Rule, level: int) -> bool:
        """Whether a statement up to ``level`` quotes a rule as one that holds no longer."""
        return any(
            each.kind is RuleKind.REPLACED and rule.level < each.level <= level
            for each in self._by_text[rule.plain]
        )

    def replaces(self, quote: Rule) -> bool:
        """Whether a sentence that is quoted as replaced stands in an earlier statement."""
        return any(
            each.is_citable and each.level < quote.level for each in self._by_text[quote.plain]
        )

    def nearest(self, text: str, among: Iterable[Rule] | None = None) -> Rule | None:
        """Return the sentence most like ``text``, by default of all that can be cited."""
        candidates = self.rules if among is None else among
        by_text = {rule.plain: rule for rule in candidates if rule.is_citable}
        found = difflib.get_close_matches(plain(text), by_text, 1, _LEAST_LIKENESS)
        return by_text[found[0]] if found else None


@frozen
class Outdated:
    """A citation that no statement has any more, and the sentence that it probably became."""

    case: CaseSource
    citation: Citation
    now: Rule


def outdated(problem: Problem) -> list[Outdated]:
    """Return the citations that a changed statement left behind, in the order of the suites."""
    book = RuleBook.of(problem)
    found = []
    for case in cases_of(problem):
        level = case.source.level
        for citation in case.citations:
            match, _ = book.look_up(citation, level)
            known = [rule for rule in book.rules if rule.level <= level]
            now = book.nearest(citation.text, known) if match is Match.UNKNOWN else None
            if now is not None:
                found.append(Outdated(case, citation, now))
    return found


def update(problem: Problem, changes: Sequence[Outdated]) -> None:
    """Let cases quote what the statements say now. Raises PackError when one cannot be written."""
    book = RuleBook.of(problem)
    after = {
        (each.case.source.path, each.case.line, each.citation): book.citation_of(each.now)
        for each in changes
    }
    for source in suites_of(problem):

        def change(line: int, old: Citation, path: Path = source.path) -> Citation:
            return after.get((path, line, old), old)

        _rewrite(source.path, change)


def fill(problem: Problem) -> int:
    """Write out citations by number, such as ``Rule: 2.17``; return how many there were.

    Raises RequestError for a number that no rule has, PackError when a suite cannot be written.
    """
    book = RuleBook.of(problem)
    rules = book.numbered()
    count = 0

    def expand(line: int, citation: Citation) -> Citation:
        nonlocal count
        if not re.fullmatch(r"\d+\.\d+", citation.text):
            return citation
        if citation.text not in rules:
            raise RequestError(
                f"{problem.slug} has no rule {citation.text}.",
                f"harness author rules {shlex.quote(str(problem.root))}",
            )
        count += 1
        return book.citation_of(rules[citation.text])

    for source in suites_of(problem):
        source.tree  # noqa: B018  raises PackError for a suite that is not Python
        _rewrite(source.path, expand)
    return count


def _rewrite(path: Path, change: Callable[[int, Citation], Citation]) -> None:
    before = path.read_bytes()
    after = requote(before, change)
    if after != before:
        write_whole(path, after.decode())
