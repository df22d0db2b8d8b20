"""Turn a foreign exercise into a problem of a pack, and write it."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from harness.catalog.catalog import load_problem
from harness.errors import RequestError
from harness.importing.cases import Case, SuiteWriter, assign_levels, by_level, is_skipped
from harness.importing.companions import companions_of
from harness.importing.draft import Draft
from harness.importing.grouping import Exercise, choose_exercise, exercises_in
from harness.importing.imports import Renaming, all_imported
from harness.importing.labels import labels_in, stated_limits, why_left_out
from harness.importing.level_names import level_pattern
from harness.importing.pitfalls import Pitfall, find_pitfalls, libraries_of
from harness.importing.solutions import Solutions, find_solutions
from harness.importing.source import Module, Notes
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
_LEVEL_COMMAND = "harness author import PATH --level 'group_(\\d+)'"


@frozen
class Imported:
    """What was written."""

    problem: Problem
    notes: Notes
    report_path: Path
    passed: int | None
    """How many cases the judge accepted of the references; None when nothing was judged."""


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
    folder = folder.resolve()
    places = [] if solution is None else [solution, folder / solution]
    place = next((each.resolve() for each in places if each.exists()), None)
    if place is None and places:
        text = f"{solution} does not exist, neither here nor in {folder}."
        raise RequestError(text, "harness author import PATH --solution FILE")
    exercise = choose_exercise(exercises_in(folder, place))
    exercise.slug = slug or exercise.slug
    return _bring(exercise, into.resolve(), level, judge)


def import_all(
    folder: Path, into: Path, *, level: str = "", judge: Judging | None = None
) -> Iterator[tuple[str, Imported | RequestError]]:
    """Bring each exercise in ``folder`` into a pack; yield its name, with why if it cannot be.

    Raises RequestError when there are no cases.
    """
    for exercise in exercises_in(folder.resolve()):
        try:
            yield exercise.slug, _bring(exercise, into.resolve(), level, judge)
        except RequestError as error:
            yield exercise.slug, error


def _bring(exercise: Exercise, into: Path, level: str, judge: Judging | None) -> Imported:
    """Write an exercise as a problem, and judge it."""
    slug, notes = exercise.slug, exercise.source.notes
    root, template = into / "problems" / slug, into / "solutions_template" / slug
    _check_place(slug, root, template)
    exercise.cases = assign_levels(exercise.cases, _pattern(level))
    if level and all(case.level is None for case in exercise.cases):
        text = f"Nothing in the names of the cases matches the level pattern '{level}'."
        raise RequestError(text, _LEVEL_COMMAND)
    levels = _levels(exercise.cases, notes)
    draft, pitfalls = _draft(exercise, levels)
    places = {
        (number, case.name): case
        for number, group in enumerate(levels.values(), 1)
        for case in group
    }
    report_path = into / f"{slug}.import.md"
    passed = None
    try:
        problem = _written(draft, root, template)
        lines: Iterable[str] = lines_of(pitfalls)
        if judge is not None:
            problem, passed, lines = _try_out(problem, draft, judge, pitfalls, places)
        for line in lines:
            notes.ask(line)
        report = [f"# Import of {slug}", "", *(f"- {line}" for line in notes.done)]
        report += ["", "## Left to do", "", *(f"- {line}" for line in notes.left)]
        report_path.write_text("\n".join(report) + "\n", encoding="utf-8")
    except OSError as error:
        for folder in (root, template):
            shutil.rmtree(folder, ignore_errors=True)
        text = f"Cannot write to {into}: {error.strerror}."
        raise RequestError(text, "harness author import PATH --into FOLDER") from None
    return Imported(problem, notes, report_path, passed)


def _pattern(level: str) -> re.Pattern[str] | None:
    try:
        return level_pattern(level) if level else None
    except ValueError as error:
        raise RequestError(
            f"'{level}' is no pattern for levels: {error}.", _LEVEL_COMMAND
        ) from None


def _draft(exercise: Exercise, levels: Mapping[int, list[Case]]) -> tuple[Draft, list[Pitfall]]:
    exercise = _with_files_of_solution(exercise, levels)
    source = exercise.source
    solutions = find_solutions(exercise, _tests_of(exercise, levels))
    renaming = _renaming(solutions, exercise)
    names = public_names(solutions.of_level.values())
    writer = SuiteWriter(source, exercise.cases, renaming, names)
    suites = writer.write(levels)
    tested = dict.fromkeys([*exercise.tests, *writer.copied_of])
    of_solution = {name for module in solutions.targets for name in module.definitions}
    pitfalls = find_pitfalls(tested, source.modules, of_solution)
    limits = _stated(tested, source.notes)
    draft = Draft(exercise, solutions, suites, list(levels), renaming, limits)
    places: dict[str, list[str]] = {}
    for module in draft.solution_files():
        for library, line in libraries_of(module, source.modules):
            places.setdefault(library, []).append(f"`{module.path}:{line}`")
    for library, found in places.items():
        source.notes.ask(
            f"{', '.join(dict.fromkeys(found))}: the solution imports {library}, but a box has "
            "only the standard library. Write the solution without it."
        )
    return draft, pitfalls


def _tests_of(exercise: Exercise, levels: Mapping[int, list[Case]]) -> dict[int, list[Module]]:
    """Return the files that the cases of each level consist of."""
    return {
        level: companions_of((case.module for case in group), exercise.helpers)
        for level, group in levels.items()
    }


def _with_files_of_solution(exercise: Exercise, levels: Mapping[int, list[Case]]) -> Exercise:
    """Return the exercise with all that a solution imports among what may be part of one.

    The name of such a file may be that of a test's helper.
    """
    silent = replace(exercise, source=replace(exercise.source, notes=Notes()))
    files = find_solutions(silent, _tests_of(exercise, levels)).files
    needed = {m for file in files for m in all_imported(file, exercise.source.modules)}
    own = [module for module in exercise.helpers if module in needed]
    helpers = [module for module in exercise.helpers if module not in needed]
    return replace(exercise, others=[*exercise.others, *own], helpers=helpers)


def _stated(tests: Iterable[Module], notes: Notes) -> Limits:
    """Return the limits that the exercise states, if they are longer than the usual ones.

    What else graders marked is reported: the suites go without it.
    """
    labels = [label for module in tests for label in labels_in(module.tree)]
    marks = Counter(label.name for label in labels if not label.timed)
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
    notes = draft.exercise.source.notes

    def judged() -> tuple[Problem, Tryout]:
        written = _written(draft, problem.root, problem.template)
        return written, try_out(written, judge)

    problem, trial = judged()
    if any(outcome.verdict is Verdict.WRONG_ANSWER for outcome in trial.failed.values()):
        draft.operators = True
        problem, again = judged()
        draft.operators = again.passed > trial.passed
        trial = again if draft.operators else trial
        if draft.operators:
            notes.ask(
                "Cases compare objects of the solution, or calculate with them: problem.toml "
                "declares the operators of their classes. Compare what they hold where it will do."
            )
    slow = [place for key in trial.too_slow if (place := places.get(key))]
    if slow:
        usual = draft.limits
        draft.limits = longer_limits(usual, LONGEST)
        problem, trial = judged()
        draft.limits = longer_limits(usual, 2 * trial.slowest + 1)
        notes.ask(
            f"`{slow[0].module.path}:{slow[0].node.lineno}`: {slow[0].name} takes longer than "
            f"{usual.wall_seconds:g} s in a box. `[limits]` in problem.toml now gives each case "
            f"{draft.limits.wall_seconds:g} s; make the case smaller if it can be."
        )
    problem = _written(draft, problem.root, problem.template)
    return problem, trial.passed, advice(pitfalls, trial, places)


def _written(draft: Draft, root: Path, template: Path) -> Problem:
    """Write all files of a problem; return it."""
    for name, text in draft.files().items():
        inside = name.removeprefix("template/")
        path = root / name if inside == name else template / inside
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_problem(root, template, root.parent.parent.name)


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


def _renaming(solutions: Solutions, exercise: Exercise) -> Renaming:
    """Name every module that is part of a solution, so that they can lie in one folder."""
    names = dict.fromkeys(solutions.targets, solutions.module)
    for target in solutions.targets:
        for module in all_imported(target, exercise.others):
            names.setdefault(module, module.name)
    stems = [name for module, name in names.items() if module not in solutions.targets]
    for stem in sorted({stem for stem in stems if stems.count(stem) > 1}):
        exercise.source.notes.ask(
            f"Two files of the solution are called {stem}.py. Rename one of them."
        )
    return Renaming(names, exercise.source.modules, solutions.aliases)
