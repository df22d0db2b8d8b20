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

    others: Sequence[Module]
    chosen: Collection[Module]
    source: Source
    met: dict[int, list[Module]] = field(default_factory=dict)
    """Level → its solutions."""
    names: dict[str, None] = field(default_factory=dict)
    """The names by which tests import them."""
    aliases: set[tuple[str, ...]] = field(default_factory=set)
    candidates: dict[Module, None] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)
    """What tests import, but no file is."""

    def look(self, level: int, tests: Sequence[Module]) -> None:
        """Find what the tests of one level mean."""
        found = self.met.setdefault(level, [])
        words = words_of(test.tree for test in tests)
        for test in tests:
            left = set(imported(test, self.others))
            for each in meanings(test, self.others, self.source.modules, level, words, self.chosen):
                if not each.candidates:
                    self.missing[".".join(each.asked.name)] = None
                    continue
                left -= {*each.candidates}
                self.candidates |= dict.fromkeys(each.candidates)
                self.names[each.name] = None
                if each.asked.module is None:
                    self.aliases.add(each.asked.name)
                taken = self._one(each.best, each.name)
                found += [taken] if taken not in found else []
            # Beside what is asked for by name: the other files of a package.
            found += [m for m in sorted(left, key=lambda m: m.path) if m not in found]
            self.names |= {m.name: None for m in left}

    def _one(self, fitting: Sequence[Module], asked: str) -> Module:
        if len(fitting) == 1:
            return fitting[0]
        files = ", ".join(str(module.path) for module in fitting)
        first = self.source.folder / fitting[0].path
        raise RequestError(
            f"Cannot tell which file is tested: the tests import {asked}, and that could be each "
            f"of {files}.",
            f"harness author import {quoted(self.source.folder)} --solution {quoted(first)}",
        )


def find_solutions(
    levels: Sequence[int],
    tests: Mapping[int, Sequence[Module]],
    others: Sequence[Module],
    chosen: Collection[Module],
    source: Source,
    notes: Notes,
) -> Solutions:
    """Find what the tests of each level test. ``levels``: as the exercise counts them.

    ``others``: the modules without tests; ``chosen``: those that were named as the solution.
    Raises RequestError when it is unclear.
    """
    found = _Found(others, chosen, source)
    for level in levels:
        found.look(level, tests[level])
    met = found.met
    targets = list(dict.fromkeys(module for level in levels for module in met[level]))
    beaten = {*found.candidates} - {*targets}
    rest = [m for m in others if m not in beaten and role_of(m, m.name) > Role.STUB]
    staged = {level: _staged(level, rest, targets) for level in levels}
    if not targets and not any(staged.values()):
        left = list(chosen) or rest
        if len(left) != 1:
            raise _unclear(found, left)
        targets = left
    several = any(len(each) > 1 for each in met.values())
    names = found.names or dict.fromkeys(module.name for module in targets)
    meant = {*targets, *beaten}
    of_level: dict[int, Module] = {}
    if several and not any(staged.values()):
        merged = _merge(targets, notes)
        names = {merged.name: None}
        of_level = dict.fromkeys(range(1, len(levels) + 1), merged)
    else:
        for number, level in enumerate(levels, 1):
            own = staged[level] or next(iter(met[level]), None)
            if len(met[level]) > 1 and (staged[level] in (None, *met[level])):
                own = _merge(met[level], notes)
            if own is not None:
                of_level[number] = own
        last = of_level[max(of_level)] if of_level else targets[-1]
        of_level = {n: of_level.get(n, last) for n in range(1, len(levels) + 1)}
        names = names if not any(staged.values()) else {m.name: None for m in of_level.values()}
    module = _module_name(names)
    for own in dict.fromkeys(of_level.values()):
        _tell_about(own, beaten, source, notes)
    stubs = [m for m in sorted(beaten, key=lambda m: len(m.path.parts)) if is_stub(m)]
    files = [m for own in of_level.values() for m in ([own] if own in others else targets)]
    return Solutions(
        module=module,
        of_level=of_level,
        files=tuple(dict.fromkeys(files)),
        targets=frozenset(meant | {*of_level.values()}),
        aliases=dict.fromkeys(found.aliases, module),
        stub=stubs[0] if stubs and not several else None,
    )


def _tell_about(own: Module, beaten: Collection[Module], source: Source, notes: Notes) -> None:
    if is_stub(own):
        notes.ask(
            f"`{own.path}` is a stub: its functions have no code. If the solution lies elsewhere, "
            f"remove the problem and name it: `harness author import {quoted(source.folder)} "
            "--solution PATH`."
        )
    elif beaten:
        files = ", ".join(f"`{m.path}`" for m in sorted(beaten, key=lambda m: m.path)[:5])
        notes.note(f"`{own.path}` is a reference, and not {files}.")


def _unclear(found: _Found, left: Sequence[Module]) -> RequestError:
    """Return the error that no solution, or more than one, is left."""
    source, folder = found.source, quoted(found.source.folder)
    if len(left) > 1:
        names = ", ".join(str(module.path) for module in left)
        return source.refuse(
            f"Cannot tell which file is tested: no test imports one of {names}.",
            f"harness author import {folder} --solution {quoted(source.folder / left[0].path)}",
        )
    if not found.missing:
        text = "Cannot tell which file is tested: the tests import none."
        return source.refuse(text, f"harness author import {folder} --solution PATH")
    names = ", ".join(list(found.missing)[:5])
    text = f"The tests import {names}, which is not below {source.folder}."
    if source.unreadable:
        return source.refuse(text, f"harness author import {folder}  # after the correction")
    place = found_above(source.folder, [name.rpartition(".")[2] for name in found.missing])
    if place is not None:
        text += f" {place} has that name."
    hint = f"harness author import {folder} --solution {quoted(place or 'PATH')}"
    return source.refuse(text, hint)


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
    return USUAL if len({*names}) > 1 or not fine or taken else name
