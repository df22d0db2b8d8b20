"""The rules of a problem's statements, and where a case's citations stand among them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from enum import Enum, auto

from harness.authoring.suites import CaseSource, SuiteSource
from harness.model.citations import Citation
from harness.model.frozen import frozen
from harness.model.problem import Problem
from harness.model.rules import Kind, Rule, plain, rules_of

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


@frozen
class Place:
    """A case that cites something."""

    source: SuiteSource
    case: CaseSource

    def __str__(self) -> str:
        return f"{self.case.name} (level {self.source.level}, {self.source.suite})"


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
            for rule in rules_of(problem.statement_path(level).read_text("utf-8-sig"), level)
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

    def look_up(self, citation: Citation, level: int) -> tuple[Match, Sequence[Rule]]:
        """Return how the citation of a case of ``level`` fits, and the sentences concerned."""
        said = [r for r in self._by_text.get(plain(citation.text), ()) if r.is_citable]
        cited = [rule for rule in said if rule.stands_under(citation.heading)]
        known = [rule for rule in cited if rule.level <= level]
        if not known and cited:
            return Match.LATER, cited
        if not known:
            return (Match.OTHER_HEADING, said) if said else self._misquoted(citation)
        if all(self.is_replaced(rule, level) for rule in known):
            return Match.REPLACED, known
        ambiguous = len({rule.heading for rule in known}) > 1
        return Match.AMBIGUOUS if ambiguous else Match.FOUND, known

    def _misquoted(self, citation: Citation) -> tuple[Match, Sequence[Rule]]:
        wanted = plain(citation.text)
        wholes = [rule for rule in self.rules if rule.is_citable and wanted in rule.plain]
        return (Match.PART, wholes) if wholes else (Match.UNKNOWN, ())

    def is_replaced(self, rule: Rule, level: int) -> bool:
        """Whether a statement up to ``level`` quotes a rule as one that holds no longer."""
        return any(
            each.kind is Kind.REPLACED and rule.level < each.level <= level
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
