"""Turn a foreign exercise into a problem of a pack, and write it."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.catalog.catalog import load_problem
from harness.catalog.toml import toml_table
from harness.errors import RequestError
from harness.importing.cases import (
    Case,
    SuiteWriter,
    bases_of,
    by_level,
    find_cases,
    is_skipped,
)
from harness.importing.companions import companions_of
from harness.importing.imports import Renaming, all_imported, imported
from harness.importing.level_names import slug_of
from harness.importing.pitfalls import find_pitfalls
from harness.importing.solutions import (
    Solutions,
    classes_of,
    cut_to_level,
    find_solutions,
    properties_of,
    symbols_of,
)
from harness.importing.source import Module, Notes, Source, read_source
from harness.importing.statements import (
    Texts,
    first_sentence,
    license_of,
    make_skeleton,
    make_statement,
    read_texts,
    title_of,
)
from harness.model.frozen import frozen
from harness.model.judgement import Suite
from harness.model.manifest import PATTERNS, SLUG, Symbols
from harness.model.plain import to_plain
from harness.model.problem import Problem

MINUTES = 90
POINTS = 100
UNKNOWN = "unknown"

_HELPER = re.compile(
    r"(^|[/_])(tests?|conftest|helpers?|fixtures?|setup|noxfile|common|testing|mocks?|fakes?)([/_.]|$)"
)


@frozen
class Imported:
    """What was written."""

    problem: Problem
    notes: Notes
    report_path: Path


def import_exercise(folder: Path, into: Path, slug: str = "") -> Imported:
    """Bring the exercise in ``folder`` into the pack ``into`` as the problem ``slug``.

    Raises RequestError when it has no cases, when it is unclear what they test, or when the pack
    already has a problem of that name.
    """
    into = into.resolve()
    slug = slug or slug_of(folder.resolve().name)
    root, template = into / "problems" / slug, into / "solutions_template" / slug
    _check_place(slug, root, template)
    notes = Notes()
    source = read_source(folder, notes)
    bases = bases_of(source.modules)
    cases = [case for module in source.modules for case in find_cases(module, bases)]
    levels = _levels(cases, folder, notes)
    tested = {case.module for case in cases}
    others = [m for m in source.modules if m not in tested and _may_be_solution(m)]
    helpers = [m for m in source.modules if m not in tested and m not in others]
    tests = {
        level: companions_of((case.module for case in group), helpers)
        for level, group in levels.items()
    }
    solutions = find_solutions(list(levels), tests, others, notes)
    names = {name for module in solutions.targets for name in module.definitions}
    classes = {name for module in solutions.targets for name in classes_of(module)}
    renaming = _renaming(solutions, others, source, notes)
    writer = SuiteWriter(source.modules, cases, renaming, notes)
    suites = writer.write(levels)
    in_suites = dict.fromkeys([*(case.module for case in cases), *writer.copied_of])
    for pitfall in find_pitfalls(in_suites, source.modules, names, classes):
        notes.ask(pitfall)
    files = _files(source, solutions, suites, list(levels), renaming, slug, notes)
    report_path = into / f"{slug}.import.md"
    try:
        for name, text in files.items():
            inside = name.removeprefix("template/")
            path = root / name if inside == name else template / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        report = [f"# Import of {slug}", "", *(f"- {line}" for line in notes.done)]
        report += ["", "## Left to do", "", *(f"- {line}" for line in notes.left)]
        report_path.write_text("\n".join(report) + "\n", encoding="utf-8")
    except OSError as error:
        shutil.rmtree(root, ignore_errors=True)
        text = f"Cannot write to {into}: {error.strerror}."
        raise RequestError(text, "harness author import PATH --into FOLDER") from None
    return Imported(load_problem(root, template, into.name), notes, report_path)


def _check_place(slug: str, root: Path, template: Path) -> None:
    again = "harness author import PATH --slug another_name"
    if not re.fullmatch(SLUG, slug):
        text = f"'{slug}' cannot be the name of a problem: use {PATTERNS[SLUG]}."
        raise RequestError(text, again)
    for place in (root, template):
        if place.exists():
            raise RequestError(f"{place} already exists.", again)


def _levels(cases: Sequence[Case], folder: Path, notes: Notes) -> Mapping[int, list[Case]]:
    if not cases:
        text = f"{folder} contains no tests: no function or class that pytest would collect."
        raise RequestError(text, "harness author import FOLDER_OF_AN_EXERCISE")
    kept = []
    for case in cases:
        if is_skipped(case):  # no solution could pass it
            notes.ask(
                f"`{case.module.path}:{case.node.lineno}`: {case.name} is always skipped in the "
                "exercise and was left out. Copy it into a suite if it should count."
            )
        else:
            kept.append(case)
    levels = by_level(kept)
    if not levels:
        notes.ask("No name mentions a level, so everything is level 1. Split it.")
        return {1: list(cases)}
    for case in cases:
        if case.level is None:
            notes.ask(
                f"`{case.module.path}:{case.node.lineno}`: {case.name} belongs to no level and "
                "was left out. Name its level (`level_2`, `stage2`, `part_b`) or copy it into a "
                "suite."
            )
    for number, level in enumerate(levels, 1):
        if number != level:
            notes.note(f"Level {level} of the exercise is level {number} here.")
    return levels


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
    return Renaming(names, source.modules)


def _files(
    source: Source,
    solutions: Solutions,
    suites: Mapping[int, Mapping[Suite, str]],
    levels: Sequence[int],
    renaming: Renaming,
    slug: str,
    notes: Notes,
) -> dict[str, str]:
    """Return all files of the problem; paths of the skeleton begin with ``template/``."""
    texts = read_texts(source, levels, notes)
    last = solutions.of_level[len(levels)]
    joined = {n: "\n".join(sides.values()) for n, sides in suites.items()}
    symbols = symbols_of(last, joined)
    files: dict[str, str] = {}
    for number, level in enumerate(levels, 1):
        own = solutions.of_level[number]
        shared = any(own is solutions.of_level[n] for n in suites if n > number)
        text = cut_to_level(own, symbols, number, own) if shared else own.text
        reference = renaming.apply(text, own) if own.tree.body else text
        files[f"reference/level{number}/{solutions.module}.py"] = reference
        for module in all_imported(own, [m for m in source.modules if _may_be_solution(m)]):
            text = cut_to_level(module, symbols, number, own) if shared else module.text
            name = f"reference/level{number}/{module.name}.py"
            files[name] = renaming.apply(text, module)
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
    skeleton = make_skeleton(first, symbols[1], properties_of(last, joined[1]))
    files[f"template/{solutions.module}.py"] = skeleton
    for name in _files_named_in(skeleton, files):
        files[f"template/{name}"] = files[f"reference/level1/{name}"]
    files["editorial.md"] = "# What each level breaks\n\nTo be written.\n"
    files["problem.toml"] = _manifest(source, texts, solutions, symbols, levels, slug, notes)
    return files


def _files_named_in(skeleton: str, files: Mapping[str, str]) -> list[str]:
    """Return the files beside the first reference that a skeleton needs, as its base classes do."""
    found: list[str] = []
    pending = [skeleton]
    while pending:
        for node in ast.walk(ast.parse(pending.pop())):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in (f"{module}.py" for module in modules):
                if name not in found and f"reference/level1/{name}" in files:
                    found.append(name)
                    pending.append(files[f"reference/level1/{name}"])
    return found


def _manifest(
    source: Source,
    texts: Texts,
    solutions: Solutions,
    symbols: Mapping[int, Symbols],
    levels: Sequence[int],
    slug: str,
    notes: Notes,
) -> str:
    licence = license_of(source.texts)
    if not licence:
        notes.ask("No licence was found. Set `license` in problem.toml.")
    notes.ask("Set `authors`, `tags` and the minutes of each level in problem.toml.")
    notes.ask("Write hints, editorial.md, alternates/ and mistakes.toml (docs/authoring.md).")
    title = _line(texts.title[:200]) or slug.replace("_", " ").capitalize()
    tables = [
        toml_table(
            "",
            {
                "format": 1,
                "slug": slug,
                "version": "1.0.0",
                "title": title,
                "summary": _line(first_sentence(texts.preamble)) or title,
                "authors": [UNKNOWN],
                "license": licence or UNKNOWN,
                "minutes": MINUTES,
                "module": solutions.module,
            },
        )
    ]
    for number, level in enumerate(levels, 1):
        name = _line(title_of(texts, level, number))
        of_level = {
            "id": f"level_{number}",
            "title": name,
            "summary": _line(first_sentence(texts.of_level.get(level, ""))) or name,
            "minutes": MINUTES // len(levels),
            "points": POINTS * number,
        }
        tables.append(toml_table("[[levels]]", of_level))
        tables.append(toml_table("[levels.symbols]", to_plain(symbols[number])))
    return "\n".join(tables)


def _line(text: str) -> str:
    return " ".join(text.split())
