"""Brings the citations of cases up to date with the statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from harness.authoring.checks.rules import Match, RuleBook
from harness.authoring.files import write_whole
from harness.authoring.suites import CaseSource, cases_of, requote, suites_of
from harness.errors import RequestError
from harness.model.frozen import frozen
from harness.model.problem import Problem
from harness.model.rules import Citation, Rule
from harness.words import quoted


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
                f"harness author rules {quoted(problem.root)}",
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
