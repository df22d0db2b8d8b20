"""Copies into a suite what it needs of helper files and conftest.py: a suite stands alone."""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from harness.importing.imports import Renaming, imported, resolve
from harness.importing.source import (
    Definition,
    Function,
    Import,
    Module,
    assigned,
    contradictions,
    first_line,
    is_automatic,
    is_future,
    names_set_by,
    replace_imports,
    tidy,
)

CONFTEST = "conftest.py"


@dataclass
class Companions:
    """Collects, for one suite, statements of helper modules and fixtures of conftest files."""

    modules: Sequence[Module]
    """All modules of the exercise."""
    renaming: Renaming
    _taken: dict[Module, set[int]] = field(default_factory=dict)
    """Which statements at the top of a module are needed, by their index."""
    _below: dict[Module, set[Module]] = field(default_factory=dict)
    """The modules whose code has to precede a module's."""
    _needs_namespace: bool = False
    """Whether a suite uses a whole module by its name."""
    _bindings: dict[str, None] = field(default_factory=dict)
    """Lines that give copied things the names that the suite uses for them."""

    def take(self, text: str, origin: Module) -> str:
        """Note what ``text``, a part of ``origin``, needs, and return it without those imports."""
        tree = ast.parse(text)
        self._take_fixtures(tree, origin)
        return replace_imports(text, lambda node: self._take_import(node, tree, origin))

    def into(self, suite: str) -> tuple[str, Collection[Module], list[str]]:
        """Return a suite that was taken, with what it needs above its own code.

        Also the files whose code was copied, and the names that two of them define differently;
        with such names, nothing is copied.
        """
        parts = self._parts()
        twice = contradictions([*parts.values(), suite])
        if twice or not parts:
            return suite, (), twice
        tree = ast.parse(suite)
        known = {line for n in _head(tree) if isinstance(n, Import) for line in _single(n)}
        wanted = ["from types import SimpleNamespace"] if self._needs_namespace else []
        imports = [each for each in wanted if each not in known]
        blocks: list[str] = []
        for module, text in parts.items():
            here, rest = _apart(text)
            imports += [each for each in dict.fromkeys(here) if each not in {*known, *imports}]
            if rest:
                blocks.append(f"# Copied from {module.path.name}:\n{rest}")
        if self._bindings:
            blocks.append("\n".join(self._bindings))
        futures = {ast.unparse(n) for m in parts for n in _head(m.tree) if is_future(n)} - known
        return _insert(suite, tree, sorted(futures), imports, blocks), parts.keys(), []

    def _parts(self) -> dict[Module, str]:
        """Return the needed parts of each module, in an order that Python can run."""
        done: dict[Module, set[int]] = {}
        while done != self._taken:
            done = {module: set(indices) for module, indices in self._taken.items()}
            for module in done:
                self.take(_part(module, done[module]), module)
        try:
            order = list(TopologicalSorter(self._below).static_order())
        except CycleError:
            order = list(self._taken)
        order += [module for module in self._taken if module not in order]
        return {
            module: self.renaming.apply(
                self.take(_part(module, self._taken[module]), module), module
            )
            for module in order
            if module in self._taken
        }

    def _take_import(self, node: Import, tree: ast.Module, origin: Module) -> list[str] | None:
        """Note what an import needs, and return what is left of it; None if all is."""
        left = []
        for alias in node.names:
            taken = (
                self._take_from(node, alias, tree, origin)
                if isinstance(node, ast.ImportFrom)
                else self._take_space(alias.name.split("."), alias, tree, origin)
            )
            if not taken:
                left.append(alias)
        if left == node.names:
            return None
        rest = copy.copy(node)
        rest.names = left
        return [ast.unparse(rest)] if left else []

    def _take_from(
        self, node: ast.ImportFrom, alias: ast.alias, tree: ast.Module, origin: Module
    ) -> bool:
        around = node.module.split(".") if node.module else []
        module = self._helper(around, origin) if around else None
        if module is None:
            return self._take_space([*around, alias.name], alias, tree, origin)
        bound = _bound(module)
        if alias.name == "*":
            for name in sorted(_names(tree) & set(bound)):
                self._need(module, name, origin)
            return True
        if alias.name not in bound:
            return False
        self._need(module, alias.name, origin)
        if alias.asname and alias.asname != alias.name:
            self._bindings[f"{alias.asname} = {alias.name}"] = None
        return True

    def _take_space(
        self, dotted: list[str], alias: ast.alias, tree: ast.Module, origin: Module
    ) -> bool:
        """Take a whole module: what the code uses of it, under its name."""
        module = self._helper(dotted, origin)
        name = alias.asname or alias.name
        if module is None or "." in name:
            return False
        used = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == name
        }
        if not used <= set(_bound(module)):
            return False
        for each in sorted(used):
            self._need(module, each, origin)
        if used:
            fields = ", ".join(f"{each}={each}" for each in sorted(used))
            self._bindings[f"{name} = SimpleNamespace({fields})"] = None
            self._needs_namespace = True
        return True

    def _helper(self, dotted: list[str], origin: Module) -> Module | None:
        module = resolve(dotted, origin, self.modules)
        if module is None or module is origin or self.renaming.holds(module):
            return None
        return module

    def _take_fixtures(self, tree: ast.Module, origin: Module) -> None:
        overriding = {
            node.name
            for node in tree.body
            if isinstance(node, Function) and node.name in {a.arg for a in node.args.args}
        }
        own = {name for name, _ in assigned(tree)} - overriding
        # Arguments of functions, and words in strings: `usefixtures("cart")`.
        asked = {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
        asked |= {str(n.value) for n in ast.walk(tree) if isinstance(n, ast.Constant)}
        for conftest in conftests_of(origin, self.modules):
            for name, node in fixtures_of(conftest).items():
                if (name in asked and name not in own) or is_automatic(node):
                    self._need(conftest, node.name, origin)
                    own.add(name)

    def _need(self, module: Module, name: str, asking: Module) -> None:
        """Take the statements of ``module`` that set ``name``, and all that they need from it."""
        if asking is not module:
            self._below.setdefault(asking, set()).add(module)
        self._below.setdefault(module, set())
        taken = self._taken.setdefault(module, set())
        bound = _bound(module)
        pending = [name]
        while pending:
            for index in bound.get(pending.pop(), ()):
                if index not in taken:
                    taken.add(index)
                    pending += sorted(_names(module.tree.body[index]))


def companions_of(tests: Iterable[Module], modules: Sequence[Module]) -> list[Module]:
    """Return test files with the conftest.py files and other ``modules`` that they use."""
    found = list(dict.fromkeys(tests))
    for module in found:  # which grows meanwhile
        more = [*conftests_of(module, modules), *imported(module, modules)]
        found += [each for each in dict.fromkeys(more) if each not in found]
    return found


def conftests_of(module: Module, modules: Iterable[Module]) -> list[Module]:
    """Return the conftest.py files that pytest would load for a test file, the nearest first."""
    folders = set(module.path.parents)
    found = [m for m in modules if m.path.name == CONFTEST and m.path.parent in folders]
    return sorted((m for m in found if m is not module), key=lambda m: -len(m.path.parts))


def fixtures_of(module: Module) -> Mapping[str, Function]:
    """Return the fixtures that a module defines, by the name that tests ask for."""
    found: dict[str, Function] = {}
    for node in module.tree.body:
        for mark in node.decorator_list if isinstance(node, Function) else []:
            function = mark.func if isinstance(mark, ast.Call) else mark
            if isinstance(node, Function) and ast.unparse(function).endswith("fixture"):
                said = {each.arg: each.value for each in getattr(mark, "keywords", [])}
                name = said.get("name")
                found[str(name.value) if isinstance(name, ast.Constant) else node.name] = node
    return found


def advise_on(module: Module, asked: bool) -> Iterator[str]:
    """Yield a sentence for each thing in a companion that was not copied.

    ``asked``: something of it was copied; otherwise only what pytest itself calls counts.
    """
    for node in module.tree.body:
        place = f"`{module.path}:{node.lineno}`"
        if isinstance(node, Function) and node.name.startswith("pytest_"):
            yield (
                f"{place}: {node.name} is a hook, but the judge does not load conftest.py. Do "
                "what it does in a fixture of the suites that need it."
            )
        elif isinstance(node, ast.Assign) and "pytest_plugins" in names_set_by(node):
            yield f"{place}: pytest_plugins is not loaded. Copy the fixtures into the suites."
        elif (asked or module.path.name == CONFTEST) and _acts(node):
            code = ast.unparse(node).split("\n")[0][:60]
            yield f"{place}: `{code}` was not copied. Do it in the suites if they need it."


def _acts(node: ast.stmt) -> bool:
    """Whether a statement does something other than setting names."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return False
    code = ast.unparse(node)
    if "sys.path" in code or "__main__" in code:  # the judge finds the solution without it
        return False
    return not names_set_by(node)


def _part(module: Module, indices: Iterable[int]) -> str:
    """Return some statements of a module as they are written."""
    lines = module.text.split("\n")
    text = ""
    after_definition = False
    for index in sorted(indices):
        node = module.tree.body[index]
        is_definition = isinstance(node, Definition)
        text += "\n\n\n" if is_definition or after_definition else "\n"
        text += "\n".join(lines[first_line(node) - 1 : node.end_lineno])
        after_definition = is_definition
    return tidy(text)


def _apart(text: str) -> tuple[list[str], str]:
    """Return the imports at the top of ``text``, and the rest of it."""
    tree = ast.parse(text)
    imports = [node for node in tree.body if isinstance(node, Import)]
    lines = text.split("\n")
    for node in reversed(imports):
        del lines[node.lineno - 1 : node.end_lineno]
    import_lines = [line for node in imports if not is_future(node) for line in _single(node)]
    return import_lines, "\n".join(lines).strip("\n")


def _insert(
    suite: str,
    tree: ast.Module,
    futures: Sequence[str],
    imports: Sequence[str],
    blocks: Sequence[str],
) -> str:
    """Put imports and code between the leading imports of a suite and its rest."""
    lines = suite.split("\n")
    head = _head(tree)
    end = (head[-1].end_lineno or 0) if head else 0
    first = (head[0].end_lineno or 0) if head and isinstance(head[0], ast.Expr) else 0
    above = [*lines[:first], *futures, *lines[first:end], *imports]
    below = "\n".join(lines[end:]).strip("\n")
    parts = ["\n".join(above), *blocks, below]
    return tidy("\n\n\n".join(part for part in parts if part))


def _head(tree: ast.Module) -> list[ast.stmt]:
    """Return the docstring and the imports that a file begins with."""
    found: list[ast.stmt] = []
    for node in tree.body:
        words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and not found
        if not (words or isinstance(node, Import)):
            break
        found.append(node)
    return found


def _bound(module: Module) -> dict[str, list[int]]:
    """Return the names that a module sets at its top, with the statements that do so."""
    found: dict[str, list[int]] = {}
    for index, node in enumerate(module.tree.body):
        for name in names_set_by(node):
            found.setdefault(name, []).append(index)
    return found


def _names(node: ast.AST) -> set[str]:
    """Return what code refers to: names, and arguments of functions, which may be fixtures."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return names | {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}


def _single(node: Import) -> list[str]:
    """Return an import as lines that import one name each."""
    lines = []
    for alias in node.names:
        one = copy.copy(node)
        one.names = [alias]
        lines.append(ast.unparse(one))
    return lines
