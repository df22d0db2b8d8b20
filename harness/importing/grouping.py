"""The exercises of a folder: mostly one, and each with all that belongs to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from harness.importing.cases import Case, assign_levels, bases_of, find_cases
from harness.importing.companions import companions_of
from harness.importing.doctests import with_doctests
from harness.importing.imports import imported
from harness.importing.level_names import level_in_name, level_in_path, slug_of
from harness.importing.roles import fills, meanings
from harness.importing.source import Module, Notes, Source, read_source, words_of
from harness.words import quoted

_MOST_LISTED = 12
_HELPER = re.compile(
    r"(^|[/_])(tests?|conftest|helpers?|fixtures?|setup|noxfile|common|testing|mocks?|fakes?)([/_.]|$)"
)


@dataclass(eq=False)
class Exercise:
    """Cases that share what they test, and the files around them."""

    slug: str
    """The name that its problem gets."""
    source: Source
    cases: Sequence[Case]
    targets: set[Module]
    """What the cases seem to test."""
    others: Sequence[Module]
    """The modules without tests that may be part of a solution."""
    helpers: Sequence[Module]

    @property
    def tests(self) -> list[Module]:
        """The test files."""
        return list(dict.fromkeys(case.module for case in self.cases))

    @property
    def folder(self) -> PurePosixPath:
        """The folder around all its files."""
        paths = [module.path for module in [*self.tests, *self.targets]]
        return next(p for p in paths[0].parents if all(p in each.parents for each in paths))

    @property
    def main(self) -> Module:
        """The file of its solution that its name may come from."""
        return min(self.targets, key=lambda module: (len(module.path.parts), module.path))

    @property
    def name(self) -> str:
        """The name of its folder, if it has one, or of its solution."""
        folder = self.folder.name
        return folder if folder and level_in_name(folder) is None else self.main.name


def exercises_in(folder: Path, solution: Path | None = None) -> list[Exercise]:
    """Return the exercises of a folder; one if it is unclear whether there are several.

    ``solution``: what ``--solution`` names. Raises RequestError when there are no cases.
    """
    source = with_doctests(read_source(folder, solution))
    bases = bases_of(source.modules)
    named = [module for module in source.modules if source.is_named(module)]
    is_file = solution is not None and solution.is_file()
    maybe = [module for module in source.modules if not (is_file and module in named)]
    # Folders of a problem and of its solution may both have the tests.
    once = {(module.text, level_in_path(module.path)): module for module in reversed(maybe)}
    found = [case for module in maybe for case in find_cases(module, bases)]
    tests = {case.module for case in found}
    cases = [case for case in found if case.module in once.values()]
    if not cases:
        text = f"{folder} contains no tests: no function or class that pytest would collect."
        raise source.refuse(text)
    if solution is not None and tests.issuperset(named):
        text = f"{solution} contains no readable Python file without tests."
        raise source.refuse(text, f"{source.command} --solution FILE")
    rest = [module for module in source.modules if module not in tests]
    others = [module for module in rest if module in named or _may_be_solution(module)]
    helpers = [module for module in rest if module not in others]
    return _separated(Exercise(slug_of(folder.name), source, cases, set(), others, helpers))


def _may_be_solution(module: Module) -> bool:
    return bool(module.definitions) and not _HELPER.search(module.path.as_posix())


def _separated(whole: Exercise) -> list[Exercise]:
    """Return the exercises that the cases of a folder belong to."""

    def part(tests: Collection[Module], targets: set[Module]) -> Exercise:
        cases = [case for case in whole.cases if case.module in tests]
        return replace(whole, cases=cases, targets=targets)

    found: list[Exercise] = []
    for test in whole.tests:
        files = companions_of([test], whole.helpers)
        words = words_of(file.tree for file in files)
        targets = {
            target
            for file in files
            for each in meanings(file, whole.source, whole.others, words)
            for target in each.best
        }
        targets |= {below for target in targets for below in imported(target, whole.others)}
        new = part([test], targets)
        for old in [each for each in found if each.targets & targets]:
            found.remove(old)
            new = part([*old.tests, *new.tests], old.targets | new.targets)
        found.append(new)
    known = [each for each in found if each.targets]
    if len(known) < 2 or _are_levels(known, assign_levels(whole.cases)):
        return [whole]
    for lost in [each for each in found if not each.targets]:
        around = set(lost.tests[0].path.parents)
        near = max(known, key=lambda each: len(around & {each.folder, *each.folder.parents}))
        known[known.index(near)] = part([*near.tests, *lost.tests], near.targets)
    return [_alone(each, [other for other in known if other is not each]) for each in known]


def _alone(one: Exercise, elsewhere: Collection[Exercise]) -> Exercise:
    """Return one of several exercises, without the files of the others."""
    foreign = {module for each in elsewhere for module in each.targets} - one.targets
    folders = {each.folder for each in elsewhere} - {one.folder, *one.folder.parents}
    texts = {p: t for p, t in one.source.texts.items() if folders.isdisjoint(p.parents)}
    notes = Notes([*one.source.notes.done], [*one.source.notes.left])
    return replace(
        one,
        slug=slug_of(one.name),
        source=replace(one.source, texts=texts, notes=notes),
        others=[module for module in one.others if module not in foreign],
    )


def _are_levels(parts: Sequence[Exercise], cases: Sequence[Case]) -> bool:
    """Whether the parts are the levels of one exercise: each has its own, and they share names."""
    levels = [n for p in parts for n in {case.level for case in cases if case.module in p.tests}]
    if None in levels or len(set(levels)) < len(levels):
        return False
    names = [test.path.with_suffix("").parts for part in parts for test in part.tests]
    if all(any(level_in_name(name) is not None for name in each) for each in names):
        return True
    known = [{n for target in part.targets for n in target.handed_out} for part in parts]
    return all(known[0] & each for each in known[1:])


def choose_exercise(exercises: Sequence[Exercise]) -> Exercise:
    """Return the exercise whose solution was named. Raises RequestError if none of several was."""
    if len(exercises) == 1:
        return exercises[0]
    source = exercises[0].source
    named = [module for module in source.modules if source.is_named(module)]
    for belongs in (_is_tested, _is_beside, _could_be_tested):
        fitting = [each for each in exercises if any(belongs(m, each) for m in named)]
        if len(fitting) == 1:
            return fitting[0]
    listed = [f"{each.name} ({each.main.path})" for each in exercises[:_MOST_LISTED]]
    listed += ["…"] if len(exercises) > _MOST_LISTED else []
    first = exercises[0]
    place = quoted(source.folder / first.main.path)
    raise source.refuse(
        f"{source.folder} contains {len(exercises)} exercises: {', '.join(listed)}. Import all of "
        "them with --all, or one: name the file of its solution.",
        f"{source.command} --solution {place} --slug {slug_of(first.name)}",
    )


def _is_tested(module: Module, exercise: Exercise) -> bool:
    return module in exercise.targets


def _is_beside(module: Module, exercise: Exercise) -> bool:
    return bool(exercise.folder.parts) and exercise.folder in module.path.parents


def _could_be_tested(module: Module, exercise: Exercise) -> bool:
    return any(fills(module, target.name) for target in exercise.targets)
