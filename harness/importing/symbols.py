"""The public names of a solution, and solutions cut to the names of a level."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from harness.importing.source import (
    Definition,
    Function,
    Module,
    remove_statements,
    words_of,
)
from harness.judge.objects import BINARY, ORDER, dunder
from harness.model.manifest import Symbols

_PROPERTIES = frozenset({"property", "cached_property", "setter", "getter", "deleter"})


def symbols_of(
    solutions: Mapping[int, Module], suites: Mapping[int, str], *, operators: bool = False
) -> dict[int, Symbols]:
    """Return the public names that each level adds: those of its solution its suites use first.

    ``operators``: those of a class are among its methods.
    """
    known: set[str] = set()
    found: dict[int, Symbols] = {}
    for level, text in suites.items():
        solution = solutions[level]
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
                if operators and name not in known:
                    methods |= dict.fromkeys(operators_of(node, solution.definitions))
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


def operators_of(node: ast.ClassDef, definitions: Mapping[str, Definition]) -> list[str]:
    """Return the operators between objects of a class that it, or a base beside it, has."""
    marks = " ".join(map(ast.unparse, node.decorator_list))
    own = {part.name for part in node.body if isinstance(part, Function)}
    own |= {"__eq__"} if "dataclass" in marks else set()
    ordered = "total_ordering" in marks or "order=True" in marks
    own |= set(map(dunder, ORDER)) if ordered else set()
    for base in node.bases:
        inner = definitions.get(ast.unparse(base))
        if isinstance(inner, ast.ClassDef) and inner is not node:
            own |= {*operators_of(inner, definitions)}
    known = ["__eq__", "__hash__", *map(dunder, ORDER), *map(dunder, BINARY)]
    return [name for name in known if name in own]


def public_names(solutions: Iterable[Module]) -> set[str]:
    """Return the names that candidates are asked for: functions, classes and methods."""
    found: set[str] = set()
    for node in (node for module in solutions for node in module.definitions.values()):
        parts = node.body if isinstance(node, ast.ClassDef) else []
        found |= {node.name, *(part.name for part in parts if isinstance(part, Function))}
    return {name for name in found if name[0] != "_"}


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
