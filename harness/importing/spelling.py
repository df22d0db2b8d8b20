"""Finds the file of a foreign exercise that an import means."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Sequence

from harness.importing.source import Module


def resolve(name: Sequence[str], asking: Module, modules: Iterable[Module]) -> Module | None:
    """Return the module that an import of ``name`` in ``asking`` means; None if it is not here.

    Of several, the one whose folder is nearest.
    """
    wanted = tuple(name)
    fitting = [m for m in modules if wanted and wanted in _ends(m)]
    return max(fitting, key=lambda module: _shared(module, asking), default=None)


def _ends(module: Module) -> list[tuple[str, ...]]:
    """Return the module's name as seen from each folder above it."""
    names = [module.dotted, *module.handed_on_by]
    return [dotted[start:] for dotted in names for start in range(len(dotted))]


def imported(module: Module, modules: Collection[Module]) -> list[Module]:
    """Return the modules of the exercise that ``module`` imports, each once."""
    found: list[Module] = []
    for node in ast.walk(module.tree):
        for name in _names_imported(node):
            target = resolve(name, module, modules)
            if target is not None:
                found += [target, *_beside(target, tuple(name), modules)]
    return [each for each in dict.fromkeys(found) if each is not module]


def all_imported(module: Module, modules: Collection[Module]) -> list[Module]:
    """Return what ``module`` imports, and what that imports, and so on."""
    found: list[Module] = []
    pending = [module]
    while pending:
        new = [m for m in imported(pending.pop(), modules) if m not in found and m is not module]
        found += new
        pending += new
    return found


def _beside(target: Module, name: tuple[str, ...], modules: Collection[Module]) -> list[Module]:
    """Return the other modules that a package re-exports, if ``name`` is that package's."""
    packages = [each for each in target.handed_on_by if each[-len(name) :] == name]
    return [m for m in modules if m is not target and set(packages) & set(m.handed_on_by)]


def _shared(module: Module, asking: Module) -> int:
    """Count the folders that both files lie in."""
    count = 0
    for one, other in zip(module.path.parts[:-1], asking.path.parts[:-1], strict=False):
        if one != other:
            break
        count += 1
    return count


def _names_imported(node: ast.AST) -> list[list[str]]:
    """Return the dotted names that an import may mean by a module, in parts."""
    if isinstance(node, ast.Call) and node.args:
        target = node.args[0]
        loads = ast.unparse(node.func).endswith(("import_module", "__import__"))
        return [str(target.value).split(".")] if loads and isinstance(target, ast.Constant) else []
    if isinstance(node, ast.Import):
        return [alias.name.split(".") for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        around = node.module.split(".") if node.module else []
        return [around, *([*around, alias.name] for alias in node.names)]
    return []
