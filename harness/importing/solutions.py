"""What a foreign exercise tests: a solution for each level, and its public names."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath

from harness.errors import RequestError
from harness.importing.imports import imported, resolve
from harness.importing.level_names import level_in_path
from harness.importing.source import (
    Definition,
    Function,
    Import,
    Module,
    Notes,
    is_future,
    remove_statements,
    replace_imports,
    tidy,
    words_of,
)
from harness.model.frozen import frozen
from harness.model.manifest import Symbols
from harness.model.problem import is_solution_file

USUAL = "solution"

_PROPERTIES = frozenset({"property", "cached_property", "setter", "getter", "deleter"})


@frozen
class Solutions:
    """What is tested at each level."""

    module: str
    """The name of the solution in the pack."""
    of_level: Mapping[int, Module]
    """Level, from 1 → its solution; the same for several levels when there is only one."""
    targets: frozenset[Module]
    """Every module of the exercise that tests mean when they import the solution."""


def find_solutions(
    levels: Sequence[int],
    tests: Mapping[int, Sequence[Module]],
    others: Sequence[Module],
    notes: Notes,
) -> Solutions:
    """Find what the tests of each level test. ``levels``: as the exercise counts them.

    ``others``: the modules without tests. Raises RequestError when it is unclear.
    """
    met = {
        level: list(dict.fromkeys(t for m in tests[level] for t in imported(m, others)))
        for level in levels
    }
    targets = [module for level in levels for module in met[level]]
    staged = {level: _staged(level, others, targets) for level in levels}
    if not targets and not any(staged.values()):
        if len(others) != 1:
            names = ", ".join(str(module.path) for module in others) or "none"
            raise RequestError(
                f"Cannot tell which file is tested: no test imports one of {names}.",
                "let the tests import the solution, and run the command again",
            )
        targets = list(others)
    several = any(len(each) > 1 for each in met.values())
    if several and not any(staged.values()):
        merged = _merge(dict.fromkeys(targets), notes)
        every = dict.fromkeys(range(1, len(levels) + 1), merged)
        return Solutions(_module_name([merged]), every, frozenset([*targets, merged]))
    found: dict[int, Module] = {}
    for number, level in enumerate(levels, 1):
        own = staged[level] or next(iter(met[level]), None)
        if len(met[level]) > 1 and (staged[level] in (None, *met[level])):
            own = _merge(met[level], notes)
        if own is not None:
            found[number] = own
    last = found[max(found)] if found else targets[-1]
    of_level = {n: found.get(n, last) for n in range(1, len(levels) + 1)}
    meant = frozenset([*targets, *of_level.values()])
    return Solutions(_module_name(of_level.values()), of_level, meant)


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


def symbols_of(solution: Module, suites: Mapping[int, str]) -> dict[int, Symbols]:
    """Return the public names that each level adds: those of ``solution`` its suites use first."""
    known: set[str] = set()
    found: dict[int, Symbols] = {}
    for level, text in suites.items():
        tree = ast.parse(text)
        froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        words = words_of([tree]) | {alias.name for node in froms for alias in node.names}
        words = _with_types_in_signatures(solution, words)
        functions, classes, exceptions = [], {}, {}
        for name, node in solution.definitions.items():
            if name not in words or name.startswith("_"):
                continue
            base = _builtin_base(node, solution.definitions)
            if base:
                exceptions.update({name: base} if name not in known else {})
            elif isinstance(node, ast.ClassDef):
                methods = dict.fromkeys(
                    part.name
                    for part in node.body
                    if isinstance(part, Function) and not _is_property(part)
                    if part.name in words and part.name[0] != "_"
                    if f"{name}.{part.name}" not in known
                )
                if methods or name not in known:
                    classes[name] = tuple(methods)
                known |= {f"{name}.{m}" for m in methods}
            elif name not in known:
                functions.append(name)
            known.add(name)
        found[level] = Symbols(functions=tuple(functions), classes=classes, exceptions=exceptions)
    return found


def _with_types_in_signatures(solution: Module, words: Collection[str]) -> set[str]:
    """Return ``words`` with the types in signatures and fields of the used names."""
    found = set(words)
    while True:
        asked = {n for each in solution.definitions.values() for n in _types_of(each, found)}
        if asked <= found:
            return found
        found |= asked


def _types_of(node: Definition, words: Collection[str]) -> set[str]:
    """Return the words in the signatures and the annotated fields of a definition, if used."""
    marks: list[ast.expr | None] = []
    parts: Sequence[ast.stmt] = node.body if isinstance(node, ast.ClassDef) else [node]
    for part in parts if node.name in words else []:
        if isinstance(part, Function) and (part.name in words or part.name == "__init__"):
            arguments = [*part.args.posonlyargs, *part.args.args, *part.args.kwonlyargs]
            marks += [part.returns, *(argument.annotation for argument in arguments)]
        elif isinstance(part, ast.AnnAssign):
            marks += [part.annotation, part.value]
    return words_of(mark for mark in marks if mark is not None)


def classes_of(solution: Module) -> list[str]:
    """Return the classes of a solution that are not exceptions."""
    return [
        name
        for name, node in solution.definitions.items()
        if isinstance(node, ast.ClassDef) and not _builtin_base(node, solution.definitions)
    ]


def properties_of(solution: Module, suite: str) -> set[str]:
    """Return the public properties that a suite uses, as ``Class.name``; a manifest has none."""
    words = words_of([ast.parse(suite)])
    return {
        f"{node.name}.{part.name}"
        for node in solution.definitions.values()
        if isinstance(node, ast.ClassDef) and node.name in words
        for part in node.body
        if isinstance(part, Function) and part.name in words and _is_property(part)
    }


def inherited(names: Collection[str], definitions: Mapping[str, Definition]) -> set[str]:
    """Return ``names``, and those of the classes that the defined classes derive from.

    With ``Bank.pay`` goes ``Base.pay``, wherever the base is defined.
    """
    found = set(names)
    for node in definitions.values():
        bases = node.bases if isinstance(node, ast.ClassDef) and node.name in names else []
        for base in (ast.unparse(each).rpartition(".")[2] for each in bases):
            own = {name.partition(".")[2] for name in names if name.startswith(f"{node.name}.")}
            found |= {base, *(f"{base}.{method}" for method in own)}
    return found


def cut_to_level(
    module: Module, symbols: Mapping[int, Symbols], level: int, solution: Module
) -> str:
    """Return a module without what only later levels use; other lines stay as they are.

    ``module``: ``solution`` itself, or a file it imports, of which only the classes that the
    solution's derive from are cut.
    """
    every = {name for each in symbols.values() for name in qualified(each)}
    before = {name for n, each in symbols.items() if n <= level for name in qualified(each)}
    own = solution.definitions
    later = inherited(every, own) - inherited(before, own)
    text, used_before = module.text, words_of([module.tree])
    while True:
        tree = ast.parse(text)
        own_names = [(node.name, node) for node in tree.body if isinstance(node, Definition)]
        own_names += [
            (f"{node.name}.{part.name}", part)
            for node in tree.body
            if isinstance(node, ast.ClassDef)
            for part in node.body
            if isinstance(part, Definition)
        ]
        doomed = [
            node
            for name, node in own_names
            if (name in later or (re.match("_(?!_)", node.name) and node.name in used_before))
            and node.name not in _words_beside(tree, node)
        ]
        if not doomed:
            return text
        text = remove_statements(text, tree, doomed)


def qualified(symbols: Symbols) -> set[str]:
    """Return all names of a level, methods as ``Class.method``."""
    methods = {f"{name}.{m}" for name, each in symbols.classes.items() for m in each}
    return {*symbols.functions, *symbols.classes, *symbols.exceptions, *methods}


def _staged(level: int, others: Sequence[Module], targets: Sequence[Module]) -> Module | None:
    """Return the solution in a file or folder of this level."""
    here = [module for module in others if level_in_path(module.path) == level]
    known = {target.name for target in targets} | {USUAL}
    return next((m for m in here if m.name in known), here[0] if len(here) == 1 else None)


def _module_name(modules: Iterable[Module]) -> str:
    """Return the name that the tests use, if it is always the same and allowed."""
    names = {module.name for module in modules}
    name = names.pop()
    fine = name.isidentifier() and not keyword.iskeyword(name) and is_solution_file(f"{name}.py")
    if names or not fine or name in sys.stdlib_module_names or name.startswith("__"):
        return USUAL
    return name


def _builtin_base(node: Definition, definitions: Mapping[str, Definition]) -> str:
    """Return the builtin exception that a class derives from; empty when it is not an exception."""
    seen = 0
    while isinstance(node, ast.ClassDef) and seen < 20:
        seen += 1
        bases = [ast.unparse(base) for base in node.bases]
        for base in bases:
            known = getattr(builtins, base, None)
            if isinstance(known, type) and issubclass(known, Exception):
                return base
        inner = next((definitions[base] for base in bases if base in definitions), None)
        if inner is None:
            return ""
        node = inner
    return ""


def _is_property(node: Function) -> bool:
    return bool({word for mark in node.decorator_list for word in words_of([mark])} & _PROPERTIES)


def _words_beside(tree: ast.Module, doomed: Definition) -> set[str]:
    """Return the identifiers of all code but that of ``doomed``."""
    found: set[str] = set()
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if node is doomed:
            continue
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        pending.extend(ast.iter_child_nodes(node))
    return found
