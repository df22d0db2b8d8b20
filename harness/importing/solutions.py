"""What a foreign exercise tests: a solution for each level, and its public names."""

from __future__ import annotations

import ast
import keyword
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath

from harness.errors import RequestError
from harness.importing.grouping import Exercise
from harness.importing.imports import imported, resolve
from harness.importing.level_names import level_in_path
from harness.importing.roles import Role, is_stub, meanings, role_of
from harness.importing.source import (
    Import,
    Module,
    Notes,
    Source,
    is_future,
    replace_imports,
    tidy,
    words_of,
)
from harness.model.frozen import frozen
from harness.model.problem import is_solution_file
from harness.words import quoted

USUAL = "solution"
_HIGHEST = 4
"""How many folders above are looked at for a missing file."""


@frozen
class Solutions:
    """What is tested at each level."""

    module: str
    """The name of the solution in the pack."""
    of_level: Mapping[int, Module]
    """Level, from 1 → its solution; the same for several levels when there is only one."""
    files: tuple[Module, ...]
    """The modules of the exercise that they are made of."""
    targets: frozenset[Module]
    """Every module of the exercise that tests mean when they import the solution."""
    aliases: Mapping[tuple[str, ...], str]
    """Names that tests import, but no file has → the name of the solution."""
    stub: Module | None
    """What the exercise gives to its candidates."""


@dataclass
class _Found:
    """What the tests of the levels import: the files that could be meant, and those that are."""

    met: dict[int, list[Module]] = field(default_factory=dict)
    """Level → its solutions."""
    names: set[str] = field(default_factory=set)
    """The names by which tests import them."""
    aliases: set[tuple[str, ...]] = field(default_factory=set)
    candidates: set[Module] = field(default_factory=set)
    missing: dict[str, None] = field(default_factory=dict)
    """What tests import, but no file is."""

    def look(self, exercise: Exercise, level: int, tests: Sequence[Module]) -> None:
        """Find what the tests of one level mean."""
        source, others = exercise.source, exercise.others
        named = [module for module in others if source.is_named(module)]
        found = self.met.setdefault(level, [])
        words = words_of(test.tree for test in tests)
        for test in tests:
            left = set(imported(test, others))
            for each in meanings(test, source, others, words, level, named):
                if not each.candidates:
                    self.missing[".".join(each.asked.name)] = None
                    continue
                if len(each.best) > 1:
                    files = ", ".join(str(module.path) for module in each.best)
                    what = f"the tests import {each.name}, and that could be each of {files}"
                    raise _undecided(source, what, each.best[0])
                left -= {*each.candidates}
                self.candidates |= {*each.candidates}
                self.names.add(each.name)
                if each.asked.module is None:
                    self.aliases.add(each.asked.name)
                found += [m for m in each.best if m not in found]
            # Beside what is asked for by name: the other files of a package.
            found += [m for m in sorted(left, key=lambda m: m.path) if m not in found]
            self.names |= {m.name for m in left}


def find_solutions(exercise: Exercise, tests: Mapping[int, Sequence[Module]]) -> Solutions:
    """Find what the ``tests`` of each level test; levels as the exercise counts them.

    Raises RequestError when it is unclear.
    """
    source, others = exercise.source, exercise.others
    found = _Found()
    for level, files in tests.items():
        found.look(exercise, level, files)
    targets = list(dict.fromkeys(module for each in found.met.values() for module in each))
    beaten = found.candidates - {*targets}
    rest = [m for m in others if m not in beaten and role_of(m, m.name) > Role.STUB]
    staged = {level: _staged(level, rest, targets) for level in tests}
    is_staged = any(staged.values())
    if not targets and not is_staged:
        left = [module for module in others if source.is_named(module)] or rest
        if len(left) != 1:
            raise _unclear(source, found.missing, left)
        targets = left
    several = any(len(each) > 1 for each in found.met.values())
    merged = _merge(targets, source.notes) if several and not is_staged else None
    of_level: dict[int, Module] = {}
    for number, (level, own) in enumerate(found.met.items(), 1):
        if merged is not None:
            of_level[number] = merged
        elif len(own) > 1 and staged[level] in (None, *own):
            of_level[number] = _merge(own, source.notes)
        elif (solution := staged[level] or next(iter(own), None)) is not None:
            of_level[number] = solution
    last = of_level[max(of_level)] if of_level else targets[-1]
    of_level = {number: of_level.get(number, last) for number in range(1, len(tests) + 1)}
    names = {m.name for m in of_level.values()}
    if merged is None and not is_staged:
        names = found.names or {module.name for module in targets}
    module = _module_name(names)
    for solution in dict.fromkeys(of_level.values()):
        _tell_about(solution, beaten, source)
    stubs = [m for m in sorted(beaten, key=lambda m: len(m.path.parts)) if is_stub(m)]
    parts = [m for each in of_level.values() for m in ([each] if each in others else targets)]
    return Solutions(
        module=module,
        of_level=of_level,
        files=tuple(dict.fromkeys(parts)),
        targets=frozenset({*targets, *beaten, *of_level.values()}),
        aliases=dict.fromkeys(found.aliases, module),
        stub=stubs[0] if stubs and not several else None,
    )


def _tell_about(own: Module, beaten: Collection[Module], source: Source) -> None:
    if is_stub(own):
        source.notes.ask(
            f"`{own.path}` is a stub: its functions have no code. If the solution lies elsewhere, "
            f"remove the problem and name it: `{source.command} --solution PATH`."
        )
    elif beaten:
        files = ", ".join(f"`{m.path}`" for m in sorted(beaten, key=lambda m: m.path)[:5])
        source.notes.note(f"`{own.path}` is a reference, and not {files}.")


def _undecided(source: Source, what: str, first: Module) -> RequestError:
    command = f"{source.command} --solution {quoted(source.folder / first.path)}"
    return source.refuse(f"Cannot tell which file is tested: {what}.", command)


def _unclear(source: Source, missing: Collection[str], left: Sequence[Module]) -> RequestError:
    """Return the error that no solution, or more than one, is left."""
    if len(left) > 1:
        files = ", ".join(str(module.path) for module in left)
        return _undecided(source, f"no test imports one of {files}", left[0])
    if not missing:
        text = "Cannot tell which file is tested: the tests import none."
        return source.refuse(text, f"{source.command} --solution PATH")
    names = ", ".join([*missing][:5])
    if source.unreadable:
        text = f"The tests import {names}, and no readable file has that name."
        return source.refuse(text, f"{source.command}  # after the correction")
    text = f"The tests import {names}, which is not below {source.folder}."
    place = found_above(source.folder, [name.rpartition(".")[2] for name in missing])
    if place is not None:
        text += f" {place} has that name."
    return source.refuse(text, f"{source.command} --solution {quoted(place or 'PATH')}")


def found_above(folder: Path, names: Collection[str]) -> Path | None:
    """Return a file of one of these names in or near one of the folders above."""
    for around in list(folder.resolve().parents)[:_HIGHEST]:
        for name in names:
            places = (around / f"{name}.py", *sorted(around.glob(f"*/{name}.py")))
            for place in places:
                if place.is_file():
                    return place
    return None


def _merge(parts: Collection[Module], notes: Notes) -> Module:
    """Return files that tests import side by side as one, those first that others import.

    ``notes`` receive what cannot be merged automatically.
    """
    below = {part: imported(part, parts) for part in parts}
    try:
        order = list(TopologicalSorter(below).static_order())
    except CycleError:
        order = list(parts)
    nodes = (node for part in order for node in ast.walk(part.tree))
    futures = dict.fromkeys(ast.unparse(node) for node in nodes if is_future(node))
    bodies = [
        replace_imports(part.text, partial(_instead, part=part, parts=order, notes=notes))
        for part in order
    ]
    seen: dict[str, Module] = {}
    for part in order:
        for name in part.definitions:
            if name in seen:
                notes.ask(
                    f"`{part.path}` and `{seen[name].path}` both define {name}, and "
                    "are one file here. Rename one of them."
                )
            seen[name] = part
    text = tidy("\n\n\n".join([*futures, *(body.strip("\n") for body in bodies)]))
    package = next((name for part in order for name in part.handed_on_by if name), ())
    path = PurePosixPath(f"{package[-1]}.py") if package else order[-1].path
    names = ", ".join(f"`{part.path}`" for part in order)
    notes.note(f"The tests import {names}; they are merged into `{path.name}`.")
    return Module(path, text, ast.parse(text))


def _instead(node: Import, part: Module, parts: Sequence[Module], notes: Notes) -> list[str] | None:
    """Return the replacement for an import of another part; None for any other import."""
    if is_future(node):
        return []
    around = node.module.split(".") if isinstance(node, ast.ImportFrom) and node.module else []
    if around and resolve(around, part, parts) is not None:
        renamed = [(a.asname, a.name) for a in node.names if a.asname not in (None, a.name)]
        return [f"{bound} = {name}" for bound, name in renamed]
    for alias in node.names:
        dotted = [*around, *alias.name.split(".")]
        if resolve(dotted, part, parts) is not None:
            notes.ask(
                f"`{part.path}:{node.lineno}`: `{ast.unparse(node)}` names a file that was "
                "merged into the solution. Use its names without the module's."
            )
    return None


def _staged(level: int, others: Sequence[Module], targets: Sequence[Module]) -> Module | None:
    """Return the solution in a file or folder of this level."""
    here = [module for module in others if level_in_path(module.path) == level]
    known = {target.name for target in targets} | {USUAL}
    return next((m for m in here if m.name in known), here[0] if len(here) == 1 else None)


def _module_name(names: Collection[str]) -> str:
    """Return the name that the tests use, if it is always the same and allowed."""
    name = next(iter(names))
    fine = name.isidentifier() and not keyword.iskeyword(name) and is_solution_file(f"{name}.py")
    taken = name in sys.stdlib_module_names or name.startswith("__")
    return USUAL if len(names) > 1 or not fine or taken else name
