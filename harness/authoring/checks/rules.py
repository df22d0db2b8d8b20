"""Every hidden case cites the rules it rests on, and every rule is cited by a case."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto

from harness.authoring.findings import at_file, at_row, some_of
from harness.authoring.mistakes import MISTAKES_NAME
from harness.authoring.subject import Subject
from harness.authoring.suites import CaseSource, cases_of
from harness.model.finding import Finding, Severity
from harness.model.judgement import Suite
from harness.model.problem import Problem
from harness.model.rules import Citation, Rule, RuleKind, plain, rules_of
from harness.words import quoted

_LEAST_LIKENESS = 0.6
"""Of a sentence to what was meant by a citation, as ``difflib`` measures it: 1 is equal."""
MOST_WORDS = 25
_WHY_CITE = "A candidate who follows the statement must pass: the statement decides every case."


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


def rules(subject: Subject) -> Iterator[Finding]:
    """Citations are sentences of the statements, and no sentence goes untested."""
    problem = subject.problem
    book = RuleBook.of(problem)
    cases = cases_of(problem)
    hidden = [case for case in cases if case.source.suite is Suite.HIDDEN]
    if not any(case.citations for case in hidden):
        yield at_file(
            problem.suite_path(1, Suite.HIDDEN),
            "No hidden case cites a rule of the statements.",
            "Without citations, nothing finds a rule that no case tests, or a case that no "
            "statement decides.",
            "end each case's docstring with the sentences that decide it, as in 'Rule: Returns the "
            f"number of keys.' (harness author rules {problem.slug} lists them)",
            severity=Severity.WARNING,
        )
        return
    for case in hidden:
        if not case.citations:
            yield case.finding(
                f"{case.name} cites no rule of the statements.",
                _WHY_CITE,
                "add to its docstring: Rule: and the sentence that decides it, word for word",
            )
    cited = book.citing(cases)
    wrong: dict[tuple[Match, Citation], list[CaseSource]] = {}
    for case in cases:
        for citation in case.citations:
            match, _ = book.look_up(citation, case.source.level)
            if match is not Match.FOUND:
                wrong.setdefault((match, citation), []).append(case)
    uncited = [rule for rule in book.rules if rule.kind is RuleKind.RULE and rule not in cited]
    meant: set[Rule] = set()
    for (match, citation), citing in wrong.items():
        near = book.nearest(citation.text, uncited) or book.nearest(citation.text)
        if match is Match.UNKNOWN and near is not None:
            meant.add(near)
        yield _misquote(subject, book, citation, citing, near)
    yield from _untested(subject, uncited, meant)
    yield from _statements(subject, book, cited)


def _misquote(
    subject: Subject,
    book: RuleBook,
    citation: Citation,
    citing: Sequence[CaseSource],
    near: Rule | None,
) -> Finding:
    """Report a citation that does not fit, once for all cases that have it."""
    level = citing[0].source.level
    match, found = book.look_up(citation, level)
    said = f'"{citation.text}"'
    headings = "; ".join(dict.fromkeys(rule.heading for rule in found))
    match match:
        case Match.LATER:
            message = f"Only level {found[0].level} says {said}"
            fix = f"say it in the statement of level {level}, or cite another rule"
        case Match.REPLACED:
            message = f"A statement up to the level of the case replaces {said}"
            fix = "cite the rule that holds at this level, and see that the case still tests it"
        case Match.PART:
            message = f"{said} is only part of a sentence"
            fix = f"quote all of it: {found[0].text}"
        case Match.AMBIGUOUS:
            message = f"{said} stands under several headings"
            fix = f"name a word of one, as in 'Rule (heading): …'. They are: {headings}"
        case Match.OTHER_HEADING:
            message = f"{said} stands under no heading with the word '{citation.heading}'"
            fix = f"it stands under: {headings}"
        case _:
            message = f"No statement says {said}"
            fix = "say it in a statement, or cite another rule; without a rule, drop the case"
            if near is not None:
                fix = (
                    f"the nearest sentence (level{near.level}/statement.md:{near.line}) is: "
                    f"{near.text}\nharness author rules {quoted(subject.problem.root)} --update"
                )
    count = "1 case cites it" if len(citing) == 1 else f"{len(citing)} cases cite it"
    message = f"{message}: {count}, {some_of([str(case) for case in citing])}."
    return citing[0].finding(message, _WHY_CITE, fix)


def _untested(subject: Subject, uncited: Sequence[Rule], meant: set[Rule]) -> Iterator[Finding]:
    """Report sentences that no hidden case cites, and excuses that excuse nothing.

    ``meant``: sentences that a wrong citation is probably about, which is reported already.
    """
    excuses = subject.mistakes_file.uncited
    excused = {plain(row.sentence) for row in excuses}
    untested = [rule for rule in uncited if rule not in meant]
    for rule in untested:
        if rule.plain not in excused:
            yield at_file(
                subject.problem.statement_path(rule.level),
                f'No hidden case cites "{rule.text}"',
                "A solution may break a rule that no case tests, and pass.",
                "write a case that tests it; if it decides nothing, take it out, or excuse it by "
                f"[[uncited]] with sentence and why in {MISTAKES_NAME}",
                line=rule.line,
                level=rule.level,
            )
    for row in excuses:
        if plain(row.sentence) not in {rule.plain for rule in untested}:
            yield at_row(
                subject,
                row,
                f'[[uncited]] excuses "{row.sentence}", which is cited or in no statement.',
                "An excuse that is not needed would hide the next untested rule.",
                "remove the row",
            )


def _statements(
    subject: Subject, book: RuleBook, cited: Mapping[Rule, Sequence[CaseSource]]
) -> Iterator[Finding]:
    """Report what is wrong with the statements themselves."""
    for rule in book.rules:
        severity = Severity.WARNING
        if rule.kind is RuleKind.BOUND and rule in cited:
            message = f'{cited[rule][0]} tests what stands under "{rule.heading}": "{rule.text}"'
            why = "Bounds hold limits of the input, which no case tests; rules stand above them."
            fix = "move the sentence to the rules, or cite the rule that decides the case"
        elif rule.kind is RuleKind.RULE and rule.words > MOST_WORDS:
            message = f'This rule has {rule.words} words: "{rule.text}"'
            why = "It holds two rules, and a case that cites it may test only one of them."
            fix = "make two sentences of it"
        elif rule.kind is RuleKind.REPLACED and not book.replaces(rule):
            message = f'No earlier level says what this one replaces: "{rule.text}"'
            why = "Cases that cite the old rule cannot be found by it."
            fix = "quote the whole sentence of the earlier statement, word for word"
            severity = Severity.ERROR
        else:
            continue
        path = subject.problem.statement_path(rule.level)
        yield at_file(path, message, why, fix, line=rule.line, level=rule.level, severity=severity)
