"""Turn a foreign exercise into a problem of a pack, and write it."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from harness.catalog.catalog import load_problem
from harness.errors import RequestError
from harness.importing.cases import (
    Case,
    SuiteWriter,
    assign_levels,
    bases_of,
    by_level,
    find_cases,
    is_skipped,
)
from harness.importing.companions import companions_of
from harness.importing.doctests import with_doctests
from harness.importing.draft import Draft
from harness.importing.grouping import choose_exercise, exercises_of
from harness.importing.imports import Renaming, imported
from harness.importing.labels import names_of_labels, stated_limits, why_left_out
from harness.importing.level_names import level_in_path, level_pattern, slug_of
from harness.importing.pitfalls import Pitfall, find_pitfalls, libraries_of
from harness.importing.solutions import Solutions, find_solutions
from harness.importing.source import Module, Notes, Source, read_source
from harness.importing.symbols import public_names
from harness.importing.tryout import (
    LONGEST,
    Judging,
    Places,
    Tryout,
    advice,
    lines_of,
    longer_limits,
    try_out,
)
from harness.model.frozen import frozen
from harness.model.judgement import Verdict
from harness.model.limits import Limits
from harness.model.manifest import PATTERNS, SLUG
from harness.model.problem import Problem

_MOST_NAMED = 5
_HELPER = re.compile(
    r"(^|[/_])(tests?|conftest|helpers?|fixtures?|setup|noxfile|common|testing|mocks?|fakes?)([/_.]|$)"
)


@frozen
class Imported:
    """What was written."""

    problem: Problem
    notes: Notes
    report_path: Path
    passed: int | None
    """How many cases the judge accepted of the references; None when nothing was judged."""


@dataclass
class _Exercise:
    """One exercise, as it was found."""

    source: Source
    cases: Sequence[Case]
    others: Sequence[Module]
    """The modules without tests that may be part of a solution."""
    helpers: Sequence[Module]
    chosen: Collection[Module]
    """What was named as the solution."""
    slug: str


def import_exercise(
    folder: Path,
    into: Path,
    slug: str = "",
    *,
    solution: Path | None = None,
    level: str = "",
    judge: Judging | None = None,
) -> Imported:
    """Bring the exercise in ``folder`` into the pack ``into`` as the problem ``slug``.

    ``solution``: the file or folder of the reference, or of one of several exercises; ``level``: a
    pattern of what names the level of a case. With ``judge``, the references are judged, and only
    what fails is reported; without, all that may fail.
    Raises RequestError when it has no cases, when it is unclear what they test, or when the pack
    already has a problem of that name.
    """
    into = into.resolve()
    notes = Notes()
    exercise = _read(folder.resolve(), solution, level, slug, notes)
    slug = exercise.slug
    root, template = into / "problems" / slug, into / "solutions_template" / slug
    _check_place(slug, root, template)
    levels = _levels(exercise.cases, notes)
    draft, pitfalls = _draft(exercise, levels, notes)
    files = draft.files()
    places = {
        (number, case.name): case
        for number, group in enumerate(levels.values(), 1)
        for case in group
    }
    report_path = into / f"{slug}.import.md"
    passed = None
    try:
        _write(files, root, template)
        problem = load_problem(root, template, into.name)
        lines: Iterable[str] = lines_of(pitfalls)
        if judge is not None:
            problem, passed, lines = _try_out(problem, draft, judge, pitfalls, places)
        for line in lines:
            notes.ask(line)
        report = [f"# Import of {slug}", "", *(f"- {line}" for line in notes.done)]
        report += ["", "## Left to do", "", *(f"- {line}" for line in notes.left)]
        report_path.write_text("\n".join(report) + "\n", encoding="utf-8")
    except OSError as error:
        shutil.rmtree(root, ignore_errors=True)
        text = f"Cannot write to {into}: {error.strerror}."
        raise RequestError(text, "harness author import PATH --into FOLDER") from None
    return Imported(problem, notes, report_path, passed)


def _read(folder: Path, solution: Path | None, level: str, slug: str, notes: Notes) -> _Exercise:
    """Read the exercise in a folder; of several, the one whose solution was named."""
    place = None if solution is None else _place_of(solution, folder)
    source = read_source(folder, notes, place)
    source = replace(source, modules=with_doctests(source.modules, notes))
    bases = bases_of(source.modules)
    chosen = [] if place is None else _chosen(source, place)
    named = chosen if place is not None and place.is_file() else []
    maybe = [module for module in source.modules if module not in named]
    # Folders of a problem and of its solution may both have the tests.
    once = {(module.text, level_in_path(module.path)): module for module in reversed(maybe)}
    found = [case for module in maybe for case in find_cases(module, bases)]
    copies = {case.module for case in found} - {*once.values()}
    found = [case for case in found if case.module not in copies]
    chosen = [module for module in chosen if module not in {case.module for case in found}]
    if not found:
        text = f"{folder} contains no tests: no function or class that pytest would collect."
        raise source.refuse(text, "harness author import FOLDER_OF_AN_EXERCISE")
    if place is not None and not chosen:
        text = f"{solution} contains no readable Python file without tests."
        raise source.refuse(text, "harness author import PATH --solution FILE")
    tested = {case.module for case in found}
    rest = [module for module in source.modules if module not in tested | copies]
    others = [module for module in rest if module in chosen or _may_be_solution(module)]
    helpers = [module for module in rest if module not in others]
    cases = assign_levels(found, None)
    exercises = exercises_of(cases, others, helpers, source.modules)
    if len(exercises) > 1:
        one = choose_exercise(exercises, chosen, source)
        slug = slug or slug_of(one.name)
        found = [case for case in found if case.module in one.tests]
        foreign = {m for each in exercises if each is not one for m in each.targets} - one.targets
        others = [module for module in others if module not in foreign]
        elsewhere = [each.folder for each in exercises if each is not one]
        source = replace(source, texts=_texts_beside(source, one.folder, elsewhere))
    cases = assign_levels(found, _pattern(level))
    if level and all(case.level is None for case in cases):
        text = f"Nothing in the names of the cases matches the level pattern '{level}'."
        raise RequestError(text, "harness author import PATH --level 'group_(\\d+)'")
    slug = slug or slug_of(folder.name)
    return _Exercise(source, cases, others, helpers, chosen, slug)


def _place_of(solution: Path, folder: Path) -> Path:
    """Return the file or folder that ``--solution`` names, also as seen from the exercise."""
    for place in (solution, folder / solution):
        if place.exists():
            return place.resolve()
    text = f"{solution} does not exist, neither here nor in {folder}."
    raise RequestError(text, "harness author import PATH --solution FILE")


def _chosen(source: Source, place: Path) -> list[Module]:
    """Return the modules at the place that was named, which may lie outside the folder."""
    inside = place.is_relative_to(source.folder)
    around = source.folder if inside else (place if place.is_dir() else place.parent).parent
    path = PurePosixPath(place.relative_to(around).as_posix())
    return [m for m in source.modules if m.path == path or path in m.path.parents]


def _pattern(level: str) -> re.Pattern[str] | None:
    try:
        return level_pattern(level) if level else None
    except ValueError as error:
        text = f"'{level}' is no pattern for levels: {error}."
        raise RequestError(text, "harness author import PATH --level 'group_(\\d+)'") from None


def _texts_beside(
    source: Source, folder: PurePosixPath, elsewhere: Collection[PurePosixPath]
) -> dict[PurePosixPath, str]:
    """Return the texts of one of several exercises: those around it, but not another's."""
    others = {each for each in elsewhere if each not in (folder, *folder.parents)}
    return {path: text for path, text in source.texts.items() if others.isdisjoint(path.parents)}


def _draft(
    exercise: _Exercise, levels: Mapping[int, list[Case]], notes: Notes
) -> tuple[Draft, list[Pitfall]]:
    source = exercise.source
    tests = {
        level: companions_of((case.module for case in group), exercise.helpers)
        for level, group in levels.items()
    }
    solutions = find_solutions(list(levels), tests, exercise.others, exercise.chosen, source, notes)
    renaming = _renaming(solutions, exercise.others, source, notes)
    names = public_names(solutions.of_level.values())
    writer = SuiteWriter(source.modules, exercise.cases, renaming, names, notes)
    suites = writer.write(levels)
    tested = dict.fromkeys([*(case.module for case in exercise.cases), *writer.copied_of])
    pitfalls = find_pitfalls(
        tested,
        source.modules,
        {name for module in solutions.targets for name in module.definitions},
    )
    limits = _stated(tested, notes)
    draft = Draft(
        slug=exercise.slug,
        source=source,
        solutions=solutions,
        suites=suites,
        levels=list(levels),
        others=exercise.others,
        renaming=renaming,
        limits=limits,
        notes=notes,
    )
    _tell_libraries(draft)
    return draft, pitfalls


def _tell_libraries(draft: Draft) -> None:
    """Report the libraries that a solution needs and a box does not have."""
    places: dict[str, list[str]] = {}
    for module in draft.solution_files():
        for library, line in libraries_of(module, draft.source.modules):
            places.setdefault(library, []).append(f"`{module.path}:{line}`")
    for library, found in places.items():
        draft.notes.ask(
            f"{', '.join(dict.fromkeys(found))}: the solution imports {library}, but a box has "
            "only the standard library. Write the solution without it."
        )


def _stated(tests: Iterable[Module], notes: Notes) -> Limits:
    """Return the limits that the exercise states, if they are longer than the usual ones.

    What else graders marked is reported: the suites go without it.
    """
    marks = Counter(name for module in tests for name in names_of_labels(module))
    if marks:
        counts = ", ".join(f"{name} ({count})" for name, count in sorted(marks.items()))
        notes.note(f"Marks of graders were taken out of the suites: {counts}.")
    stated = [(s, module, line) for module in tests for line, s in stated_limits(module) if s]
    if not stated:
        return Limits()
    seconds, module, line = max(stated, key=lambda each: each[0])
    limits = longer_limits(Limits(), seconds)
    notes.note(
        f"Time limits of the exercise were taken out of the suites: the longest, {seconds:g} s, "
        f"stands at `{module.path}:{line}`; in `[limits]`, a case has {limits.wall_seconds:g} s."
    )
    return limits


def _try_out(
    problem: Problem,
    draft: Draft,
    judge: Judging,
    pitfalls: Sequence[Pitfall],
    places: Places,
) -> tuple[Problem, int, Iterable[str]]:
    """Judge the references; again, with what the manifest has to say for what failed."""

    def judged() -> tuple[Problem, Tryout]:
        files = draft.files()
        _write(files, problem.root, problem.template)
        written = load_problem(problem.root, problem.template, problem.pack)
        return written, try_out(written, files, judge)

    problem, trial = judged()
    if any(outcome.verdict is Verdict.WRONG_ANSWER for outcome in trial.failed.values()):
        draft.operators = True
        problem, again = judged()
        draft.operators = again.passed > trial.passed
        trial = again if draft.operators else trial
        if draft.operators:
            draft.notes.ask(
                "Cases compare objects of the solution, or calculate with them: problem.toml "
                "declares the operators of their classes. Compare what they hold where it will do."
            )
        else:
            problem, trial = judged()
    slow = [place for key in trial.too_slow if (place := places.get(key))]
    if slow:
        usual = draft.limits
        draft.limits = longer_limits(usual, LONGEST)
        problem, trial = judged()
        draft.limits = longer_limits(usual, 2 * trial.slowest + 1)
        _write({"problem.toml": draft.files()["problem.toml"]}, problem.root, problem.template)
        problem = load_problem(problem.root, problem.template, problem.pack)
        draft.notes.ask(
            f"`{slow[0].module.path}:{slow[0].node.lineno}`: {slow[0].name} takes longer than "
            f"{usual.wall_seconds:g} s in a box. `[limits]` in problem.toml now gives each case "
            f"{draft.limits.wall_seconds:g} s; make the case smaller if it can be."
        )
    return problem, trial.passed, advice(pitfalls, trial, places)


def _write(files: Mapping[str, str], root: Path, template: Path) -> None:
    for name, text in files.items():
        inside = name.removeprefix("template/")
        path = root / name if inside == name else template / inside
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _check_place(slug: str, root: Path, template: Path) -> None:
    again = "harness author import PATH --slug another_name"
    if not re.fullmatch(SLUG, slug):
        text = f"'{slug}' cannot be the name of a problem: use {PATTERNS[SLUG]}."
        raise RequestError(text, again)
    for place in (root, template):
        if place.exists():
            raise RequestError(f"{place} already exists.", again)


def _levels(cases: Sequence[Case], notes: Notes) -> Mapping[int, list[Case]]:
    kept: list[Case] = []
    lost: dict[str, list[Case]] = {}
    for case in cases:
        why = "is always skipped in the exercise" if is_skipped(case) else ""
        why = why or why_left_out(case.node, case.module.tree)
        (lost.setdefault(why, []) if why else kept).append(case)
    for why, group in lost.items():  # no solution could pass them
        notes.ask(f"{_named(group)} {why} and was left out. Copy it into a suite if it counts.")
    levels = by_level(kept)
    if not levels:
        notes.ask("No name mentions a level, so everything is level 1. Split it.")
        return {1: kept or list(cases)}
    unknown = [case for case in kept if case.level is None]
    if unknown:
        notes.ask(
            f"{_named(unknown)} belongs to no level and was left out. Name its level (`level_2`, "
            "`stage2`, `part_b`), say what names it by --level, or copy it into a suite."
        )
    for number, level in enumerate(levels, 1):
        if number != level:
            notes.note(f"Level {level} of the exercise is level {number} here.")
    return levels


def _named(cases: Sequence[Case]) -> str:
    """Return the places and names of cases, the first few of many."""
    places = ", ".join(f"`{case.module.path}:{case.node.lineno}`" for case in cases[:_MOST_NAMED])
    names = ", ".join(case.name for case in cases[:_MOST_NAMED])
    more = len(cases) - _MOST_NAMED
    return f"{places}: {names}" + (f" and {more} more" if more > 0 else "")


def _may_be_solution(module: Module) -> bool:
    return bool(module.definitions) and not _HELPER.search(module.path.as_posix())


def _renaming(
    solutions: Solutions, others: Sequence[Module], source: Source, notes: Notes
) -> Renaming:
    """Name every module that is part of a solution, so that they can lie in one folder."""
    names = dict.fromkeys(solutions.targets, solutions.module)
    pending = list(names)
    while pending:
        for module in imported(pending.pop(), others):
            if module not in names:
                names[module] = module.name
                pending.append(module)
    stems = [name for module, name in names.items() if module not in solutions.targets]
    for stem in sorted({stem for stem in stems if stems.count(stem) > 1}):
        notes.ask(f"Two files of the solution are called {stem}.py. Rename one of them.")
    return Renaming(names, source.modules, solutions.aliases)
