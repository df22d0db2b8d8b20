"""Every hidden case cites the rules it rests on, and every rule is cited by a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from harness.authoring.citing import Match, Place, RuleBook
from harness.authoring.findings import some_of
from harness.authoring.mistakes import MISTAKES_NAME, Uncited
from harness.authoring.subject import Subject
from harness.authoring.suites import suites_of
from harness.model.finding import Finding, Severity
from harness.model.judgement import Suite
from harness.model.problem import Problem
from harness.model.rules import Citation, Kind, Rule, plain

MOST_WORDS = 25
_WHY_CITE = "A candidate who follows the statement must pass: the statement decides every case."


def rules(subject: Subject) -> Iterator[Finding]:
    """Citations are sentences of the statements, and no sentence goes untested."""
    problem = subject.problem
    book = RuleBook.of(problem)
    places = [Place(source, case) for source in suites_of(problem) for case in source.cases]
    hidden = [place for place in places if place.source.suite is Suite.HIDDEN]
    if not any(place.case.citations for place in hidden):
        yield _nothing_is_cited(problem)
        return
    for place in hidden:
        if not place.case.citations:
            yield _cites_nothing(place)
    cited: dict[Rule, list[Place]] = {}
    wrong: dict[tuple[Match, Citation], list[Place]] = {}
    for place in places:
        for citation in place.case.citations:
            match, found = book.look_up(citation, place.source.level)
            if match is not Match.FOUND:
                wrong.setdefault((match, citation), []).append(place)
            elif place.source.suite is Suite.HIDDEN:
                for rule in found:
                    cited.setdefault(rule, []).append(place)
    uncited = [rule for rule in book.rules if rule.kind is Kind.RULE and rule not in cited]
    meant: set[Rule] = set()
    for (match, citation), citing in wrong.items():
        level = citing[0].source.level
        near = book.nearest(citation.text, uncited) or book.nearest(citation.text)
        if match is Match.UNKNOWN and near is not None:
            meant.add(near)
        yield _misquote(problem, match, citation, citing, book.look_up(citation, level)[1], near)
    excuses = subject.mistakes_file.uncited
    yield from _untested(problem, [rule for rule in uncited if rule not in meant], excuses)
    yield from _statements(problem, book, cited)


def _nothing_is_cited(problem: Problem) -> Finding:
    return Finding(
        message="No hidden case cites a rule of the statements.",
        why="Without citations, nothing finds a rule that no case tests, or a case that no "
        "statement decides.",
        fix="end each case's docstring with the sentences that decide it, as in 'Rule: Returns the "
        f"number of keys.' (harness author rules {problem.slug} lists them)",
        path=problem.suite_path(1, Suite.HIDDEN),
        severity=Severity.WARNING,
    )


def _cites_nothing(place: Place) -> Finding:
    return Finding(
        message=f"{place.case.name} cites no rule of the statements.",
        why=_WHY_CITE,
        fix="add to its docstring: Rule: and the sentence that decides it, word for word",
        path=place.source.path,
        line=place.case.line,
        level=place.source.level,
    )


def _misquote(
    problem: Problem,
    match: Match,
    citation: Citation,
    citing: Sequence[Place],
    found: Sequence[Rule],
    near: Rule | None,
) -> Finding:
    """Report a citation that does not fit, once for all cases that have it."""
    quoted = f'"{citation.text}"'
    headings = "; ".join(dict.fromkeys(rule.heading for rule in found))
    update = f"harness author rules {problem.slug} --update"
    match match:
        case Match.LATER:
            message = f"Only level {found[0].level} says {quoted}"
            fix = f"say it in the statement of level {citing[0].source.level}, or cite another rule"
        case Match.REPLACED:
            message = f"A statement up to the level of the case replaces {quoted}"
            fix = "cite the rule that holds at this level, and see that the case still tests it"
        case Match.PART:
            message = f"{quoted} is only part of a sentence"
            fix = f"quote all of it: {found[0].text}"
        case Match.AMBIGUOUS:
            message = f"{quoted} stands under several headings"
            fix = f"name a word of one, as in 'Rule (heading): …'. They are: {headings}"
        case Match.OTHER_HEADING:
            message = f"{quoted} stands under no heading with the word '{citation.heading}'"
            fix = f"it stands under: {headings}"
        case _:
            message = f"No statement says {quoted}"
            fix = "say it in a statement, or cite another rule; without a rule, drop the case"
            if near is not None:
                fix = f"the nearest sentence ({_where(near)}) is: {near.text}  ({update})"
    first = citing[0]
    count = "1 case cites it" if len(citing) == 1 else f"{len(citing)} cases cite it"
    return Finding(
        message=f"{message}: {count}, {some_of([str(place) for place in citing])}.",
        why=_WHY_CITE,
        fix=fix,
        path=first.source.path,
        line=first.case.line,
        level=first.source.level,
    )


def _where(rule: Rule) -> str:
    return f"level{rule.level}/statement.md:{rule.line}"


def _untested(
    problem: Problem, uncited: Sequence[Rule], excuses: Sequence[Uncited]
) -> Iterator[Finding]:
    """Report sentences that no hidden case cites, and excuses that excuse nothing."""
    excused = {plain(row.sentence) for row in excuses}
    for rule in uncited:
        if rule.plain not in excused:
            yield Finding(
                message=f'No hidden case cites "{rule.text}"',
                why="A solution may break a rule that no case tests, and pass.",
                fix="write a case that tests it; if it decides nothing, take it out, or excuse it "
                f"by [[uncited]] with sentence and why in {MISTAKES_NAME}",
                path=problem.statement_path(rule.level),
                line=rule.line,
                level=rule.level,
            )
    for row in excuses:
        if plain(row.sentence) not in {rule.plain for rule in uncited}:
            yield Finding(
                message=f'[[uncited]] excuses "{row.sentence}", which is cited or in no statement.',
                why="An excuse that is not needed would hide the next untested rule.",
                fix="remove the row",
                path=problem.root / MISTAKES_NAME,
                line=row.line,
            )


def _statements(
    problem: Problem, book: RuleBook, cited: Mapping[Rule, Sequence[Place]]
) -> Iterator[Finding]:
    """Report what is wrong with the statements themselves."""
    for rule in book.rules:
        message, why, fix, severity = "", "", "", Severity.WARNING
        if rule.kind is Kind.BOUND and rule in cited:
            message = f'{cited[rule][0]} tests what stands under "{rule.heading}": "{rule.text}"'
            why = "Bounds hold limits of the input, which no case tests; rules stand above them."
            fix = "move the sentence to the rules, or cite the rule that decides the case"
        elif rule.kind is Kind.RULE and rule.words > MOST_WORDS:
            message = f'This rule has {rule.words} words: "{rule.text}"'
            why = "It holds two rules, and a case that cites it may test only one of them."
            fix = "make two sentences of it"
        elif rule.kind is Kind.REPLACED and not book.replaces(rule):
            message = f'No earlier level says what this one replaces: "{rule.text}"'
            why = "Cases that cite the old rule cannot be found by it."
            fix = "quote the whole sentence of the earlier statement, word for word"
            severity = Severity.ERROR
        if message:
            yield Finding(
                message=message,
                why=why,
                fix=fix,
                path=problem.statement_path(rule.level),
                line=rule.line,
                level=rule.level,
                severity=severity,
            )
