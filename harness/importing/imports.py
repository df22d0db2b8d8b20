"""Adapts import lines: the exercise and the pack have different names for the solution."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping

from harness.importing.source import Module, words_of
from harness.importing.spelling import resolve

_LONGEST_LINE = 100
_TAKE_A_NAME = ("patch", "patch.dict", "monkeypatch.setattr", "import_module")


class Renaming:
    """The names in the pack of modules of the exercise."""

    def __init__(self, names: Mapping[Module, str], modules: Collection[Module]) -> None:
        self._names = names
        self._modules = modules

    def holds(self, module: Module) -> bool:
        """Whether a module has a name in the pack: whether it is part of a solution."""
        return module in self._names

    def apply(self, text: str, origin: Module) -> str:
        """Return ``text``, which is a part of ``origin``, with its imports adapted.

        An import of the solution keeps only the names that are used: others may belong to a
        later level.
        """
        tree = ast.parse(text)
        lines = text.split("\n")
        used = words_of(n for n in tree.body if not isinstance(n, ast.Import | ast.ImportFrom))
        nodes = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
        for node in sorted(nodes, key=lambda n: n.lineno, reverse=True):
            adapted = self._adapt(node, origin, used)
            if adapted is None:
                continue
            if not adapted and node.col_offset:
                adapted = ["pass"]  # it may be all that its block holds
            indent = " " * node.col_offset
            end = node.end_lineno or node.lineno
            lines[node.lineno - 1 : end] = [indent + line for line in adapted]
        return self._with_patches("\n".join(lines), origin)

    def _with_patches(self, text: str, origin: Module) -> str:
        """Return ``text`` with `patch("old.name")` and the like naming modules as the pack does."""
        lines = text.split("\n")
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Call) and node.args and _patches(node)):
                continue
            target = node.args[0]
            if not (isinstance(target, ast.Constant) and isinstance(target.value, str)):
                continue
            parts = target.value.split(".")
            names = {n: self._name(parts[:n], origin) for n in range(len(parts), 0, -1)}
            known = next(((n, name) for n, name in names.items() if name), None)
            if known is not None:
                adapted = ".".join([known[1], *parts[known[0] :]])
                line = lines[target.lineno - 1]
                lines[target.lineno - 1] = line.replace(target.value, adapted, 1)
        return "\n".join(lines)

    def missing_modules(self, text: str, origin: Module) -> list[str]:
        """Return the modules of the exercise that ``text`` imports and the pack does not have."""
        found = []
        for node in ast.walk(ast.parse(text)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for name in names:
                target = resolve(name.split("."), origin, self._modules)
                if target is not None and target not in self._names:
                    found.append(str(target.path))
        return sorted(set(found))

    def _adapt(
        self, node: ast.Import | ast.ImportFrom, origin: Module, used: Collection[str]
    ) -> list[str] | None:
        """Return the lines in place of an import; None when it stays."""
        if isinstance(node, ast.ImportFrom):
            return self._adapt_from(node, origin, used)
        lines: list[str] = []
        for alias in node.names:
            name = self._name(alias.name.split("."), origin)
            # `import a.b` binds `a`, so what follows in the text says `a.b`: that cannot be kept.
            if name is None or ("." in alias.name and not alias.asname):
                lines.append(f"import {ast.unparse(alias)}")
            else:
                lines.append(_import(name, alias.asname or alias.name))
        same = [f"import {ast.unparse(alias)}" for alias in node.names]
        return lines if lines != same else None

    def _adapt_from(
        self, node: ast.ImportFrom, origin: Module, used: Collection[str]
    ) -> list[str] | None:
        around = node.module.split(".") if node.module else []
        name = self._name(around, origin) if around else None
        if name is not None:
            if node.names[0].name == "*":
                target = resolve(around, origin, self._modules)
                # By name: `*` of the judge's proxy gives only declared names, no constants.
                return _from(name, sorted(target.handed_out & set(used)) if target else [])
            wanted = [a for a in node.names if (a.asname or a.name) in used]
            if wanted == node.names and name == node.module and not node.level:
                return None
            return _from(name, [ast.unparse(alias) for alias in wanted])
        inner = {a: self._name([*around, a.name], origin) for a in node.names}
        lines = [_import(n, a.asname or a.name) for a, n in inner.items() if n is not None]
        rest = [ast.unparse(a) for a, n in inner.items() if n is None]
        if not lines:
            return None
        return lines + (_from("." * node.level + ".".join(around), rest) if rest else [])

    def _name(self, dotted: list[str], origin: Module) -> str | None:
        target = resolve(dotted, origin, self._modules)
        return None if target is None else self._names.get(target)


def _patches(node: ast.Call) -> bool:
    return ast.unparse(node.func).endswith(_TAKE_A_NAME)


def _import(name: str, bound: str) -> str:
    return f"import {name}" if name == bound else f"import {name} as {bound}"


def _from(name: str, names: list[str]) -> list[str]:
    if not names:
        return []
    line = f"from {name} import {', '.join(names)}"
    if len(line) <= _LONGEST_LINE:
        return [line]
    return [f"from {name} import (", *(f"    {each}," for each in names), ")"]
