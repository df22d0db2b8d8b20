"""Every hidden case cites the rules it rests on, and every rule is cited by a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from harness.authoring.citing import Match, RuleBook
from harness.authoring.findings import at_file, at_row, some_of
from harness.authoring.mistakes import MISTAKES_NAME
from harness.authoring.subject import Subject
from harness.authoring.suites import CaseSource, cases_of
from harness.model.finding import Finding, Severity
from harness.model.judgement import Suite
from harness.model.rules import Citation, Rule, RuleKind, plain

MOST_WORDS = 25
_WHY_CITE = "A candidate who follows the statement must pass: the statement decides every case."


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
    quoted = f'"{citation.text}"'
    headings = "; ".join(dict.fromkeys(rule.heading for rule in found))
    match match:
        case Match.LATER:
            message = f"Only level {found[0].level} says {quoted}"
            fix = f"say it in the statement of level {level}, or cite another rule"
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
                fix = (
                    f"the nearest sentence (level{near.level}/statement.md:{near.line}) is: "
                    f"{near.text}  (harness author rules {subject.problem.slug} --update)"
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
