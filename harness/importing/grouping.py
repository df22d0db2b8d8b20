"""Tells apart several exercises that lie in one folder."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from harness.importing.cases import Case
from harness.importing.companions import companions_of
from harness.importing.imports import imported
from harness.importing.level_names import level_in_name, slug_of
from harness.importing.roles import fills, meanings
from harness.importing.source import Module, Source, words_of
from harness.words import quoted

_MOST_LISTED = 12


@dataclass(eq=False)
class Exercise:
    """Test files that share what they test."""

    tests: list[Module]
    targets: set[Module]
    levels: set[int | None] = field(default_factory=set)

    @property
    def folder(self) -> PurePosixPath:
        """The folder around all its files."""
        paths = [module.path for module in [*self.tests, *self.targets]]
        around = [p for p in paths[0].parents if all(p in each.parents for each in paths)]
        return around[0]

    @property
    def main(self) -> Module:
        """The file of its solution that its name may come from."""
        return min(self.targets, key=lambda module: (len(module.path.parts), module.path))

    @property
    def name(self) -> str:
        """The name of its folder, if it has one, or of its solution."""
        folder = self.folder.name
        return folder if folder and level_in_name(folder) is None else self.main.name


def exercises_of(
    cases: Sequence[Case],
    others: Sequence[Module],
    helpers: Sequence[Module],
    modules: Sequence[Module],
) -> list[Exercise]:
    """Return the exercises of a folder; one if it is unclear whether there are several."""
    found: list[Exercise] = []
    for test in dict.fromkeys(case.module for case in cases):
        files = companions_of([test], helpers)
        words = words_of(file.tree for file in files)
        asked = {
            target
            for file in files
            for each in meanings(file, others, modules, None, words)
            for target in each.best
        }
        asked |= {below for target in asked for below in imported(target, others)}
        new = Exercise([test], asked, {case.level for case in cases if case.module is test})
        for old in [each for each in found if each.targets & asked]:
            found.remove(old)
            new = _joined(old, new)
        found.append(new)
    known = [each for each in found if each.targets]
    if len(known) < 2 or _are_levels(known):
        return [_joined(*found)] if found else []
    for lost in [each for each in found if not each.targets]:
        around = set(lost.tests[0].path.parents)
        near = max(known, key=lambda each: len(around & {each.folder, *each.folder.parents}))
        near.tests += lost.tests
    return known


def choose_exercise(
    exercises: Sequence[Exercise], chosen: Collection[Module], source: Source
) -> Exercise:
    """Return the exercise whose solution was named. Raises RequestError if none of several was."""
    if len(exercises) == 1:
        return exercises[0]
    for belongs in (_is_tested, _is_beside, _could_be_tested):
        fitting = [each for each in exercises if any(belongs(c, each) for c in chosen)]
        if len(fitting) == 1:
            return fitting[0]
    listed = [f"{each.name} ({each.main.path})" for each in exercises[:_MOST_LISTED]]
    listed += ["…"] if len(exercises) > _MOST_LISTED else []
    first = exercises[0]
    command = f"harness author import {quoted(source.folder)} --solution "
    raise source.refuse(
        f"{source.folder} contains {len(exercises)} exercises: {', '.join(listed)}. Import one at "
        "a time: name the file of its solution.",
        f"{command}{quoted(source.folder / first.main.path)} --slug {slug_of(first.name)}",
    )


def _is_tested(module: Module, exercise: Exercise) -> bool:
    return module in exercise.targets


def _is_beside(module: Module, exercise: Exercise) -> bool:
    return bool(exercise.folder.parts) and exercise.folder in module.path.parents


def _could_be_tested(module: Module, exercise: Exercise) -> bool:
    return any(fills(module, target.name) for target in exercise.targets)


def _joined(*parts: Exercise) -> Exercise:
    return Exercise(
        [test for part in parts for test in part.tests],
        set().union(*(part.targets for part in parts)),
        set().union(*(part.levels for part in parts)),
    )


def _are_levels(parts: Sequence[Exercise]) -> bool:
    """Whether the parts are the levels of one exercise: each has its own, and they share names."""
    levels: list[int | None] = [level for part in parts for level in part.levels]
    if None in levels or len(set(levels)) < len(levels):
        return False
    clear = all(
        any(level_in_name(name) is not None for name in test.path.with_suffix("").parts)
        for part in parts
        for test in part.tests
    )
    return clear or _share_names(parts)


def _share_names(parts: Iterable[Exercise]) -> bool:
    names = [{n for target in part.targets for n in target.handed_out} for part in parts]
    return all(names[0] & each for each in names[1:])
