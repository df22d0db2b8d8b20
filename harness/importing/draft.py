"""The files of an imported problem."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.catalog.toml import toml_table
from harness.importing.grouping import Exercise
from harness.importing.imports import Renaming, all_imported
from harness.importing.licences import find_license
from harness.importing.solutions import Solutions
from harness.importing.source import Module, modules_named
from harness.importing.statements import (
    Texts,
    first_sentence,
    make_skeleton,
    make_statement,
    read_texts,
    title_of,
)
from harness.importing.symbols import cut_to_level, properties_of, qualified, symbols_of
from harness.model.judgement import Suite
from harness.model.limits import Limits
from harness.model.manifest import Symbols
from harness.model.plain import to_plain

MINUTES = 90
POINTS = 100
UNKNOWN = "unknown"


@dataclass
class Draft:
    """All that the files of a problem are made of."""

    exercise: Exercise
    solutions: Solutions
    suites: Mapping[int, Mapping[Suite, str]]
    levels: Sequence[int]
    """As the exercise counts them."""
    renaming: Renaming
    limits: Limits
    operators: bool = False
    """Whether operators between objects of the solution are declared."""

    def files(self) -> dict[str, str]:
        """Return all files; paths of the skeleton begin with ``template/``."""
        solutions, suites = self.solutions, self.suites
        texts = read_texts(self.exercise.source, self.levels)
        joined = {n: "\n".join(sides.values()) for n, sides in suites.items()}
        symbols = symbols_of(solutions.of_level, joined, operators=self.operators)
        files: dict[str, str] = {}
        for number, level in enumerate(self.levels, 1):
            own = solutions.of_level[number]
            files |= self._reference(number, symbols)
            for side, suite in suites[number].items():
                files[f"level{number}/test_{side.value}.py"] = suite
            files[f"level{number}/statement.md"] = make_statement(
                title_of(texts, level, number),
                texts.of_level.get(level, ""),
                texts.preamble if number == 1 else "",
                own,
                symbols[number],
            )
        skeleton = self._skeleton(files, symbols, joined[1])
        files[f"template/{solutions.module}.py"] = skeleton
        for name in _files_named_in(skeleton, files):
            files[f"template/{name}"] = files[f"reference/level1/{name}"]
        files["editorial.md"] = "# What each level breaks\n\nTo be written.\n"
        files["problem.toml"] = self._manifest(texts, symbols)
        return files

    def solution_files(self) -> list[Module]:
        """Return the files of the exercise that the references are made of."""
        files = self.solutions.files
        found = (m for file in files for m in (file, *all_imported(file, self.exercise.others)))
        return list(dict.fromkeys(found))

    def _reference(self, number: int, symbols: Mapping[int, Symbols]) -> dict[str, str]:
        """Return the files of the reference of a level."""
        solutions = self.solutions
        own = solutions.of_level[number]
        shared = any(own is solutions.of_level[n] for n in self.suites if n > number)
        text = cut_to_level(own, symbols, number, own) if shared else own.text
        text = self.renaming.apply(text, own) if own.tree.body else text
        files = {f"reference/level{number}/{solutions.module}.py": text}
        for module in all_imported(own, self.exercise.others):
            text = cut_to_level(module, symbols, number, own) if shared else module.text
            name = f"reference/level{number}/{module.name}.py"
            files[name] = self.renaming.apply(text, module)
        return files

    def _skeleton(
        self, files: Mapping[str, str], symbols: Mapping[int, Symbols], suite: str
    ) -> str:
        """Return what a candidate starts from: the exercise's own stub, if it says no more."""
        own, stub = self.solutions.of_level[1], self.solutions.stub
        names = {name for name in qualified(symbols[1]) if "." not in name}
        if stub is not None and names <= {*stub.definitions}:
            text = self.renaming.apply(stub.text, stub)
            later = {n for number in symbols if number > 1 for n in qualified(symbols[number])}
            return make_skeleton(text, symbols[1], properties_of(stub, suite)) if later else text
        first = files[f"reference/level1/{self.solutions.module}.py"]
        return make_skeleton(first, symbols[1], properties_of(own, suite))

    def _manifest(self, texts: Texts, symbols: Mapping[int, Symbols]) -> str:
        folder, notes = self.exercise.source.folder, self.exercise.source.notes
        licence, file = find_license(folder)
        if file is None:
            notes.ask("No licence was found. Set `license` in problem.toml.")
        elif not licence:
            notes.ask(f"The licence in {file} is not known. Set `license` in problem.toml.")
        elif file.parent != folder:
            notes.note(f"The licence is that of {file}.")
        notes.ask("Set `authors`, `tags` and the minutes of each level in problem.toml.")
        notes.ask("Write hints, editorial.md, alternates/ and mistakes.toml (docs/authoring.md).")
        title = _line(texts.title[:200]) or self.exercise.slug.replace("_", " ").capitalize()
        head = {
            "format": 1,
            "slug": self.exercise.slug,
            "version": "1.0.0",
            "title": title,
            "summary": _line(first_sentence(texts.preamble)) or title,
            "authors": [UNKNOWN],
            "license": licence or UNKNOWN,
            "minutes": MINUTES,
            "module": self.solutions.module,
        }
        tables = [toml_table("", head)]
        usual = Limits().to_table()
        limits = {k: v for k, v in self.limits.to_table().items() if v != usual[k]}
        tables += [toml_table("[limits]", limits)] if limits else []
        for number, level in enumerate(self.levels, 1):
            name = _line(title_of(texts, level, number))
            of_level = {
                "id": f"level_{number}",
                "title": name,
                "summary": _line(first_sentence(texts.of_level.get(level, ""))) or name,
                "minutes": MINUTES // len(self.levels),
                "points": POINTS * number,
            }
            tables.append(toml_table("[[levels]]", of_level))
            tables.append(toml_table("[levels.symbols]", to_plain(symbols[number])))
        return "\n".join(tables)


def _files_named_in(skeleton: str, files: Mapping[str, str]) -> list[str]:
    """Return the files beside the first reference that a skeleton needs, as its base classes do."""
    found: list[str] = []
    pending = [skeleton]
    while pending:
        for node in ast.walk(ast.parse(pending.pop())):
            for name in (f"{module}.py" for module in modules_named(node)):
                if name not in found and f"reference/level1/{name}" in files:
                    found.append(name)
                    pending.append(files[f"reference/level1/{name}"])
    return found


def _line(text: str) -> str:
    return " ".join(text.split())
