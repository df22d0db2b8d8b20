"""Puts a foreign exercise together as a problem of a pack, and writes it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.authoring.importing.advice import advise
from harness.authoring.importing.imports import Renaming
from harness.authoring.importing.naming import slug_of
from harness.authoring.importing.skeleton import make_skeleton
from harness.authoring.importing.solutions import (
    Solutions,
    classes_of,
    cut_to_level,
    find_solutions,
    imported,
    properties_of,
    symbols_of,
)
from harness.authoring.importing.source import Module, Report, Source, read_source
from harness.authoring.importing.suites import (
    Case,
    by_level,
    choose_sides,
    find_cases,
    join_suites,
    render_suite,
)
from harness.authoring.importing.texts import (
    Texts,
    first_sentence,
    license_of,
    make_statement,
    read_texts,
    title_of,
)
from harness.catalog.problems import load_problem
from harness.errors import RequestError
from harness.model.judgement import Suite
from harness.model.manifest import Symbols
from harness.model.problem import Problem

MINUTES = 90
POINTS = 100
UNKNOWN = "unknown"

_SLUG = re.compile(r"^[a-z][a-z0-9_]{1,39}$")
_HELPER = re.compile(r"(^|[/_])(tests?|conftest|helpers?|fixtures?|setup|noxfile)([/_.]|$)")


@dataclass(frozen=True)
class Imported:
    """What was written."""

    problem: Problem
    report: Report
    report_path: Path


def import_exercise(folder: Path, into: Path, slug: str = "") -> Imported:
    """Bring the exercise in ``folder`` into the pack ``into`` as the problem ``slug``.

    Raises RequestError when it has no cases, when it cannot be known what they test, or when the
    pack has a problem of that name.
    """
    into = into.resolve()
    slug = slug or slug_of(folder.resolve().name)
    root, template = into / "problems" / slug, into / "solutions_template" / slug
    _check_place(slug, root, template)
    report = Report()
    source = read_source(folder, report)
    cases = [case for module in source.modules for case in find_cases(module)]
    levels = _levels(cases, folder, report)
    tests = {level: {case.module for case in group} for level, group in levels.items()}
    tested = {case.module for case in cases}
    others = [m for m in source.modules if m not in tested and _may_be_solution(m)]
    solutions = find_solutions(list(levels), tests, others)
    names = frozenset(name for module in solutions.targets for name in module.definitions)
    classes = frozenset(name for module in solutions.targets for name in classes_of(module))
    for module in dict.fromkeys(case.module for case in cases):
        report.left += advise(module, names, classes)
    renaming = _renaming(solutions, others, source, report)
    suites = _suites(levels, renaming, report)
    files = _files(source, solutions, suites, list(levels), renaming, slug, report)
    report_path = into / f"{slug}.import.md"
    try:
        _write(root, template, files)
        report_path.write_text(_render_report(slug, report), encoding="utf-8")
    except OSError as error:
        shutil.rmtree(root, ignore_errors=True)
        text = f"Cannot write to {into}: {error.strerror}."
        raise RequestError(text, "harness author import PATH --into FOLDER") from None
    return Imported(load_problem(root, template, into.name), report, report_path)


def _check_place(slug: str, root: Path, template: Path) -> None:
    again = "harness author import PATH --slug another_name"
    if not _SLUG.match(slug):
        text = f"'{slug}' cannot be the name of a problem: two to forty lower-case letters, digits"
        raise RequestError(f"{text} and underscores, a letter first.", again)
    for place in (root, template):
        if place.exists():
            raise RequestError(f"There is {place} already.", again)


def _levels(cases: Sequence[Case], folder: Path, report: Report) -> Mapping[int, list[Case]]:
    if not cases:
        text = f"There is no test in {folder}: no function and no class that pytest would take."
        raise RequestError(text, "harness author import FOLDER_OF_AN_EXERCISE")
    levels = by_level(cases)
    if not levels:
        report.left.append("No name speaks of a level, so everything is level 1: split it.")
        return {1: list(cases)}
    for case in cases:
        if case.level is None:
            report.left.append(
                f"`{case.module.path}:{case.node.lineno}`: {case.name} is of no level and was left "
                "out. Name its level (`level_2`, `stage2`, `part_b`), or copy it into a suite."
            )
    for number, level in enumerate(levels, 1):
        if number != level:
            report.done.append(f"Level {level} of the exercise is level {number} here.")
    return levels


def _may_be_solution(module: Module) -> bool:
    return bool(module.definitions) and not _HELPER.search(module.path.as_posix())


def _renaming(
    solutions: Solutions, others: Sequence[Module], source: Source, report: Report
) -> Renaming:
    """Give every module that is part of a solution its name beside the others."""
    names = dict.fromkeys(solutions.targets, solutions.module)
    pending = list(names)
    while pending:
        for module in imported(pending.pop(), others):
            if module not in names:
                names[module] = module.path.stem
                pending.append(module)
    stems = [name for module, name in names.items() if module not in solutions.targets]
    for stem in sorted({stem for stem in stems if stems.count(stem) > 1}):
        report.left.append(f"Two files of the solution are called {stem}.py: rename one of them.")
    return Renaming(names, source.modules)


def _suites(
    levels: Mapping[int, list[Case]], renaming: Renaming, report: Report
) -> dict[int, dict[Suite, str]]:
    suites: dict[int, dict[Suite, str]] = {}
    for number, (level, cases) in enumerate(levels.items(), 1):
        sides = choose_sides(cases)
        if sides[Suite.VISIBLE][0] in sides[Suite.HIDDEN]:
            text = f"Level {number} has one side of cases only, and both suites have it: write more"
            report.left.append(f"{text} into level{number}/.")
        suites[number] = {
            side: _suite(side_cases, level, renaming, number, report)
            for side, side_cases in sides.items()
        }
        report.done.append(
            f"Level {number}: {len(sides[Suite.VISIBLE])} visible and "
            f"{len(sides[Suite.HIDDEN])} hidden cases."
        )
    return suites


def _suite(
    cases: Sequence[Case], level: int, renaming: Renaming, number: int, report: Report
) -> str:
    texts: list[str] = []
    for module in dict.fromkeys(case.module for case in cases):
        text = renaming.apply(
            render_suite(module, [c for c in cases if c.module is module], level), module
        )
        for stranger in renaming.strangers(text, module):
            report.left.append(
                f"`{module.path}` imports `{stranger}`, which a suite cannot: copy what it needs "
                f"into the suites of level {number}."
            )
        joined, twice = join_suites([*texts, text])
        if twice:
            report.left.append(
                f"`{module.path}` was left out of level {number}: another file of this level "
                f"defines {', '.join(twice)}, too. Rename one of them."
            )
        else:
            texts = [joined]
    return texts[0]


def _files(
    source: Source,
    solutions: Solutions,
    suites: Mapping[int, Mapping[Suite, str]],
    levels: Sequence[int],
    renaming: Renaming,
    slug: str,
    report: Report,
) -> dict[str, str]:
    """Return all files of the problem; those of the skeleton begin with ``template/``."""
    texts = read_texts(source, levels, report)
    last = solutions.of_level[len(levels)]
    joined = {n: "\n".join(sides.values()) for n, sides in suites.items()}
    symbols = symbols_of(last, joined)
    files: dict[str, str] = {}
    for number, level in enumerate(levels, 1):
        own = solutions.of_level[number]
        shared = any(own is solutions.of_level[n] for n in suites if n > number)
        text = cut_to_level(own, symbols, number) if shared else own.text
        reference = renaming.apply(text, own) if own.tree.body else text
        files[f"reference/level{number}/{solutions.module}.py"] = reference
        for module in imported(own, [m for m in source.modules if _may_be_solution(m)]):
            name = f"reference/level{number}/{module.path.stem}.py"
            files[name] = renaming.apply(module.text, module)
        for side, suite in suites[number].items():
            files[f"level{number}/test_{side.value}.py"] = suite
        files[f"level{number}/statement.md"] = make_statement(
            title_of(texts, level, number),
            texts.of_level.get(level, ""),
            texts.preamble if number == 1 else "",
            last,
            symbols[number],
        )
    first = files[f"reference/level1/{solutions.module}.py"]
    files[f"template/{solutions.module}.py"] = make_skeleton(
        first, symbols[1], properties_of(last, joined[1])
    )
    files["editorial.md"] = "# What each level breaks\n\nTo be written.\n"
    files["problem.toml"] = _manifest(source, texts, solutions, symbols, levels, slug, report)
    return files


def _manifest(
    source: Source,
    texts: Texts,
    solutions: Solutions,
    symbols: Mapping[int, Symbols],
    levels: Sequence[int],
    slug: str,
    report: Report,
) -> str:
    licence = license_of(source.texts)
    if not licence:
        report.left.append("No licence was found: set `license` in problem.toml.")
    report.left.append("Set `authors`, `tags` and the minutes of each level in problem.toml.")
    report.left.append("Write hints, editorial.md, alternates/ and wrong/ (docs/authoring.md).")
    title = texts.title[:200] or slug.replace("_", " ").capitalize()
    lines = [
        "format = 1",
        f"slug = {_quoted(slug)}",
        'version = "1.0.0"',
        f"title = {_quoted(title)}",
        f"summary = {_quoted(first_sentence(texts.preamble) or title)}",
        f"authors = [{_quoted(UNKNOWN)}]",
        f"license = {_quoted(licence or UNKNOWN)}",
        f"minutes = {MINUTES}",
        f"module = {_quoted(solutions.module)}",
    ]
    for number, level in enumerate(levels, 1):
        name = title_of(texts, level, number)
        added = symbols[number]
        exceptions = {each: _quoted(base) for each, base in added.exceptions.items()}
        summary = first_sentence(texts.of_level.get(level, "")) or name
        lines += [
            "",
            "[[levels]]",
            f"id = {_quoted(f'level_{number}')}",
            f"title = {_quoted(name)}",
            f"summary = {_quoted(summary)}",
            f"minutes = {MINUTES // len(levels)}",
            f"points = {POINTS * number}",
            "",
            "[levels.symbols]",
            f"functions = {_list(added.functions)}",
            f"classes = {_table({n: _list(m) for n, m in added.classes.items()})}",
            f"exceptions = {_table(exceptions)}",
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _list(names: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, names))}]"


def _table(entries: Mapping[str, str]) -> str:
    inner = ", ".join(f"{key} = {value}" for key, value in entries.items())
    return f"{{ {inner} }}" if inner else "{}"


def _write(root: Path, template: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        side, _, rest = name.partition("/")
        path = template / rest if side == "template" else root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _render_report(slug: str, report: Report) -> str:
    parts = [f"# Import of {slug}", *(f"- {line}" for line in report.done)]
    parts += ["", "## Left to do", "", *(f"- {line}" for line in report.left)]
    return "\n".join([parts[0], "", *parts[1:]]) + "\n"
