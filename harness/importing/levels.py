"""The suites of a foreign exercise, each of which stands alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from harness.importing.companions import Companions, advise_on, conftests_of
from harness.importing.found_cases import Case, choose_sides, join_suites, render_suite
from harness.importing.imports import Renaming
from harness.importing.source import Module, Notes
from harness.importing.timeouts import without_timeouts
from harness.model.judgement import Suite


@dataclass
class SuiteWriter:
    """Writes the suites of all levels, and notes what they lack of the test files."""

    modules: Sequence[Module]
    """All modules of the exercise."""
    cases: Sequence[Case]
    """All cases of the exercise."""
    renaming: Renaming
    notes: Notes
    copied_of: set[Module] = field(default_factory=set)
    """The helper modules and conftest files from which something was copied so far."""

    def write(self, levels: Mapping[int, list[Case]]) -> dict[int, dict[Suite, str]]:
        """Return the suites by level, from 1. ``levels``: as the exercise counts them."""
        suites: dict[int, dict[Suite, str]] = {}
        for number, (level, cases) in enumerate(levels.items(), 1):
            sides = choose_sides(cases)
            if sides[Suite.VISIBLE][0] in sides[Suite.HIDDEN]:
                self.notes.ask(
                    f"The cases of level {number} are all visible or all hidden, so its two suites "
                    f"share some. Write more in level{number}/."
                )
            suites[number] = {
                side: self._suite(side_cases, level, number) for side, side_cases in sides.items()
            }
            self.notes.note(
                f"Level {number}: {len(sides[Suite.VISIBLE])} visible and "
                f"{len(sides[Suite.HIDDEN])} hidden cases."
            )
        self._note_companions({case.module for group in levels.values() for case in group})
        return suites

    def _suite(self, cases: Sequence[Case], level: int, number: int) -> str:
        companions = Companions(self.modules, self.renaming)
        texts: list[str] = []
        for module in dict.fromkeys(case.module for case in cases):
            every = [case for case in self.cases if case.module is module]
            kept = [case for case in cases if case.module is module]
            text = companions.take(render_suite(module, kept, every, level), module)
            text = self._adapt(text, module, number)
            joined, twice = join_suites([*texts, text])
            if twice:
                self.notes.ask(
                    f"`{module.path}` was left out of level {number}: another file of this level "
                    f"also defines {', '.join(twice)}. Rename one of them."
                )
            else:
                texts = [joined]
        gathered = companions.into(texts[0])
        self.copied_of |= set(gathered.of)
        if gathered.twice:
            self.notes.ask(
                f"Nothing of helpers and conftest.py was copied into a suite of level {number}: "
                f"{', '.join(gathered.twice)} is defined twice. Rename one and import again."
            )
        text, _ = without_timeouts(gathered.text)
        return text

    def _adapt(self, text: str, module: Module, number: int) -> str:
        """Adapt the imports, and leave time limits to the judge."""
        text, libraries = without_timeouts(text)
        for library in libraries:
            self.notes.note(
                f"The time limits of {library} were removed: the judge limits each case, see "
                "`[limits]` in problem.toml."
            )
        text = self.renaming.apply(text, module)
        for missing in self.renaming.missing_modules(text, module):
            self.notes.ask(
                f"`{module.path}` imports `{missing}`, which a suite cannot do. Copy what it "
                f"needs into the suites of level {number}."
            )
        return text

    def _note_companions(self, tested: set[Module]) -> None:
        """Report what was copied from each file, and what was not."""
        for module in sorted(self.copied_of, key=lambda each: each.path):
            self.notes.note(
                f"What the suites need from `{module.path}` was copied into them: a suite cannot "
                "import a file beside it."
            )
        loaded = {c for module in tested for c in conftests_of(module, self.modules)}
        for module in sorted(loaded | self.copied_of, key=lambda each: each.path):
            for line in advise_on(module, module in self.copied_of):
                self.notes.ask(line)
