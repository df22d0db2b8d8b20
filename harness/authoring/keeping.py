"""Judgements of single cases of one solution, kept in a file for each suite.

A change of one case leaves what is known of the others. What the statements say is not kept with
them: it is looked up anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from harness.authoring.files import write_whole
from harness.authoring.separating import case_keys
from harness.authoring.suites import read_suite
from harness.errors import PackError
from harness.model.frozen import frozen
from harness.model.judgement import CitedRule, Judgement, Verdict
from harness.model.plain import from_plain, to_plain
from harness.model.problem import Problem, Request
from harness.model.rules import rules_cited


@frozen
class SeparateCase:
    """A function of a suite whose verdict does not depend on the others."""

    level: int
    function: str
    """As requests name it: ``level2::TestTies::test_two``."""
    key: str
    """A hash of what decides it."""
    docstring: str

    def part_of(self, judgement: Judgement) -> Judgement:
        """Return what came of this function, with all its parameters."""
        own = tuple(o for o in judgement.outcomes if o.case.partition("[")[0] == self.function)
        return replace(judgement, levels=(self.level,), outcomes=own)


def separate_cases(request: Request) -> list[SeparateCase] | None:
    """Return the functions to judge, in their order; None when a suite must be judged as a whole.

    So must one that is not Python: the judge says why.
    """
    found = []
    for level in request.levels:
        source = read_suite(request.problem, level, request.suite)
        try:
            keys = case_keys(source)
        except PackError:
            return None
        if keys is None:
            return None
        found += [
            SeparateCase(level, f"level{level}::{each.name}", keys[each.name], each.docstring)
            for each in source.cases
        ]
    return found


def is_stopped(judgement: Judgement) -> bool:
    """Return whether nothing behind these cases is judged when one that is too slow ends it."""
    return any(outcome.verdict is Verdict.TIME_LIMIT for outcome in judgement.outcomes)


class KeptCases:
    """What is known of one solution. ``places``: the file for each level's suite."""

    def __init__(self, places: Mapping[int, Path]) -> None:
        self._places = places
        self._known = {level: _read(place) for level, place in places.items()}

    def known(
        self, cases: Sequence[SeparateCase], *, stopped: bool
    ) -> dict[SeparateCase, Judgement]:
        """Return the judgements of those of ``cases`` that have one.

        ``stopped``: also those in which a case that was too slow has ended a function early.
        """
        found = {}
        for case in cases:
            known = self._known[case.level]
            judgement = known.get(case.key) or (known.get(_early(case)) if stopped else None)
            if judgement is not None:
                found[case] = judgement
        return found

    def keep(
        self,
        cases: Sequence[SeparateCase],
        judged: Mapping[SeparateCase, Judgement],
        collected: Sequence[str],
    ) -> None:
        """Keep what was ``judged``, and forget what is of none of ``cases``.

        ``collected``: the ids of all cases that were to be judged.
        """
        for level, place in self._places.items():
            own = [case for case in cases if case.level == level]
            wanted = {key for case in own for key in (case.key, _early(case))}
            known = {key: value for key, value in _read(place).items() if key in wanted}
            for case in own:
                judgement = judged.get(case)
                if judgement is None:
                    continue
                asked = sum(each.partition("[")[0] == case.function for each in collected)
                key = case.key if len(judgement.outcomes) == asked else _early(case)
                known[key] = _citing(judgement, ())
            if known != self._known[level]:
                keep_text(place, json.dumps({key: to_plain(known[key]) for key in sorted(known)}))


def keep_text(place: Path | None, text: str) -> None:
    """Write what saves time later. Judging goes on where that is not possible."""
    if place is not None:
        with suppress(PackError):
            write_whole(place, text)


def with_rules(problem: Problem, case: SeparateCase, judgement: Judgement) -> Judgement:
    """Return a judgement of one function with what the statements say to those that failed."""
    if "Rule" not in case.docstring or judgement.verdict is Verdict.ACCEPTED:
        return judgement
    statements = tuple(problem.statement(level) for level in range(1, problem.level_count + 1))
    return _citing(judgement, _rules(case.docstring, statements, case.level))


def _citing(judgement: Judgement, rules: tuple[CitedRule, ...]) -> Judgement:
    outcomes = (
        each if each.verdict is Verdict.ACCEPTED else replace(each, rules=rules)
        for each in judgement.outcomes
    )
    return replace(judgement, outcomes=tuple(outcomes))


@lru_cache(maxsize=1000)
def _rules(docstring: str, statements: tuple[str, ...], level: int) -> tuple[CitedRule, ...]:
    found = rules_cited(docstring, dict(enumerate(statements, start=1)), level)
    return tuple(CitedRule(level=rule.level, text=rule.text) for rule in found)


def _early(case: SeparateCase) -> str:
    return f"{case.key} early"


def _read(place: Path) -> dict[str, Judgement]:
    try:
        rows: dict[str, Any] = json.loads(place.read_bytes())
        return {key: from_plain(Judgement, row) for key, row in rows.items()}
    except (OSError, ValueError, AttributeError):
        return {}  # not there, or of another time: judged again
