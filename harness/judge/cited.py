"""The sentences of the statements that a case rests on, for the candidate who fails it."""

from __future__ import annotations

import inspect
from functools import cached_property
from pathlib import Path

from harness.model.judgement import CitedRule
from harness.model.rules import Rule, citations_in, plain, rules_of


class CitedRules:
    """Knows the statements of one problem. ``root``: the problem's folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def of(self, docstring: str, level: int) -> tuple[CitedRule, ...]:
        """Return what a case of ``level`` cites, each as the newest statement up to there has it.

        A citation that stands in none is left out: that is the author's business.
        """
        found = []
        for citation in citations_in(inspect.cleandoc(docstring)):
            said = [
                rule
                for rule in self._rules.get(plain(citation.text), ())
                if rule.level <= level and rule.is_citable and rule.stands_under(citation.heading)
            ]
            if said:
                newest = max(said, key=lambda rule: rule.level)
                found.append(CitedRule(level=newest.level, text=newest.text))
        return tuple(found)

    @cached_property
    def _rules(self) -> dict[str, list[Rule]]:
        found: dict[str, list[Rule]] = {}
        for path in sorted(self._root.glob("level*/statement.md")):
            level = path.parent.name.removeprefix("level")
            if level.isdigit():
                for rule in rules_of(path.read_text("utf-8-sig", "replace"), int(level)):
                    found.setdefault(rule.plain, []).append(rule)
        return found
