"""Which file of a foreign exercise an import means, and its name in the pack."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from harness.importing.source import Import, Module, modules_named, replace_imports, words_of
from harness.model.frozen import frozen

IN_THE_JUDGE = frozenset({"pytest", "_pytest"})
_LONGEST_LINE = 100
_TAKE_A_NAME = ("patch", "patch.dict", "monkeypatch.setattr", "import_module")


@frozen
class Asked:
    """An import of a file."""

    name: tuple[str, ...]
    """As it is spelled, in parts."""
    module: Module | None
    """The module of the exercise that it means."""
    taken: frozenset[str]
    """What the file uses of it."""


def resolve(name: Sequence[str], asking: Module, modules: Iterable[Module]) -> Module | None:
    """Return the module that an import of ``name`` in ``asking`` means; None if it is not here.

    Of several, the one whose folder is nearest.
    """
    wanted = tuple(name)
    fitting = [
        module
        for module in modules
        if wanted
        and any(each[-len(wanted) :] == wanted for each in (module.dotted, *module.handed_on_by))
    ]
    around = set(asking.path.parents)
    return max(fitting, key=lambda module: len(around & {*module.path.parents}), default=None)


def imported(module: Module, modules: Collection[Module]) -> list[Module]:
    """Return the modules of the exercise that ``module`` imports, each once."""
    found: list[Module] = []
    for asked in asked_for(module, modules):
        if asked.module is not None:
            # With a package that only re-exports, all modules of which it does.
            packages = {p for p in asked.module.handed_on_by if p[-len(asked.name) :] == asked.name}
            found += [asked.module, *(m for m in modules if packages & {*m.handed_on_by})]
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


def asked_for(module: Module, modules: Collection[Module]) -> Iterator[Asked]:
    """Yield each module that a file imports or loads by a call."""
    attributes: dict[str, set[str]] = {}
    bound: dict[str, list[str]] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            attributes.setdefault(ast.unparse(node.value), set()).add(node.attr)
        elif isinstance(node, ast.Assign):
            bound.setdefault(ast.unparse(node.value), []).extend(map(ast.unparse, node.targets))
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = tuple(alias.name.split("."))
                taken = frozenset(attributes.get(alias.asname or alias.name, ()))
                yield Asked(name, resolve(name, module, modules), taken)
        elif isinstance(node, ast.ImportFrom):
            around = tuple(node.module.split(".")) if node.module else ()
            here = resolve(around, module, modules)
            inner = {a: resolve((*around, a.name), module, modules) for a in node.names}
            if here is not None or not any(inner.values()):
                taken = frozenset(a.name for a, target in inner.items() if target is None) - {"*"}
                yield Asked(around, here, taken)
            for alias, target in inner.items():
                if target is not None:
                    taken = frozenset(attributes.get(alias.asname or alias.name, ()))
                    yield Asked((*around, alias.name), target, taken)
        elif isinstance(node, ast.Call):
            for loaded in _loaded_by(node, module.tree):
                target = resolve(loaded.split("."), module, modules)
                if target is not None:
                    names = [ast.unparse(node), *bound.get(ast.unparse(node), ())]
                    taken = frozenset(a for name in names for a in attributes.get(name, ()))
                    yield Asked(tuple(loaded.split(".")), target, taken)


def is_elsewhere(name: Sequence[str]) -> bool:
    """Whether an import is of the standard library or of pytest."""
    return not name or name[0] in sys.stdlib_module_names | IN_THE_JUDGE


def _loaded_by(node: ast.Call, tree: ast.Module) -> list[str]:
    """Return the names in a call that loads a module: `import_module(environ.get("X", "cup"))`."""
    if not (node.args and ast.unparse(node.func).endswith(("import_module", "__import__"))):
        return []
    given: list[ast.expr] = [node.args[0]]
    if isinstance(node.args[0], ast.Name):
        name = node.args[0].id
        given = [
            each.value
            for each in ast.walk(tree)
            if isinstance(each, ast.Assign) and name in {ast.unparse(t) for t in each.targets}
        ]
    inner = (each for value in given for each in ast.walk(value) if isinstance(each, ast.Constant))
    return [each.value for each in inner if isinstance(each.value, str)]


class Renaming:
    """The names in the pack of modules of the exercise."""

    def __init__(
        self,
        names: Mapping[Module, str],
        modules: Collection[Module],
        aliases: Mapping[tuple[str, ...], str],
    ) -> None:
        self._names = names
        self._modules = modules
        self._aliases = aliases

    def holds(self, module: Module) -> bool:
        """Whether a module has a name in the pack: whether it is part of a solution."""
        return module in self._names

    def apply(self, text: str, origin: Module) -> str:
        """Return ``text``, which is a part of ``origin``, with its imports adapted.

        An import of the solution keeps only the names that are used: others may belong to a
        later level.
        """
        tree = ast.parse(text)
        used = words_of(node for node in tree.body if not isinstance(node, Import))
        text = replace_imports(text, lambda node: self._adapt(node, origin, used))
        return self._with_patches(_without_choices(text), origin)

    def _with_patches(self, text: str, origin: Module) -> str:
        """Return ``text`` with `patch("old.name")` and the like naming modules as the pack does."""
        lines = text.split("\n")
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            target = node.args[0]
            loaded = [self._name(each.split("."), origin) for each in _loaded_by(node, tree)]
            if any(loaded) and target.lineno == target.end_lineno:
                old = lines[target.lineno - 1].encode()
                new = f'"{next(filter(None, loaded))}"'.encode()
                new = old[: target.col_offset] + new + old[target.end_col_offset :]
                lines[target.lineno - 1] = new.decode()
                continue
            if not ast.unparse(node.func).endswith(_TAKE_A_NAME):
                continue
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
            for name in modules_named(node):
                target = resolve(name.split("."), origin, self._modules)
                known = target in self._names or tuple(name.split(".")) in self._aliases
                if target is not None and not known:
                    found.append(str(target.path))
        return sorted(set(found))

    def _adapt(self, node: Import, origin: Module, used: Collection[str]) -> list[str] | None:
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
        known = None if target is None else self._names.get(target)
        return known or self._aliases.get(tuple(dotted))


def _without_choices(text: str) -> str:
    """Return ``text`` without each `if` and `try` that imports the same in all its branches."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.If):
            branches = [node.body, node.orelse]
        elif isinstance(node, ast.Try) and not node.orelse and not node.finalbody:
            branches = [node.body, *(handler.body for handler in node.handlers)]
        else:
            continue
        codes = [[ast.unparse(part) for part in branch] for branch in branches]
        if all(isinstance(p, Import) for p in branches[0]) and all(c == codes[0] for c in codes):
            lines = text.split("\n")
            lines[node.lineno - 1 : node.end_lineno] = [
                " " * node.col_offset + code for code in codes[0]
            ]
            return _without_choices("\n".join(lines))
    return text


def _import(name: str, bound: str) -> str:
    return f"import {name}" if name == bound else f"import {name} as {bound}"


def _from(name: str, names: list[str]) -> list[str]:
    if not names:
        return []
    line = f"from {name} import {', '.join(names)}"
    if len(line) <= _LONGEST_LINE:
        return [line]
    return [f"from {name} import (", *(f"    {each}," for each in names), ")"]
