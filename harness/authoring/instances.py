"""Which attributes a suite takes from instances of the solution's classes, read from its syntax.

An instance is what a class of the solution returns when it is called, under whatever name: a
variable's, a helper's or a fixture's that returns it, an attribute's of ``self``. A name that is
also bound to something else counts as something else.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from functools import cached_property

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Instances:
    """Knows the instances in one suite.

    ``imported``: names that are the solution's; ``modules``: names of the solution itself. Those
    that begin with a capital letter are classes.
    """

    def __init__(
        self, tree: ast.Module, imported: Collection[str], modules: Collection[str]
    ) -> None:
        self._functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
        self._classes = {name for name in imported if name[:1].isupper()}
        self._modules = modules

    def attributes(self) -> Iterator[ast.Attribute]:
        """Yield each attribute that is taken from an instance, methods among them."""
        seen: set[int] = set()
        for function in self._functions:
            names = self._names_in(function, self._makers)
            for node in ast.walk(function):
                if (
                    isinstance(node, ast.Attribute)
                    and id(node) not in seen
                    and self._is_instance(node.value, names, self._makers)
                ):
                    seen.add(id(node))
                    yield node

    @cached_property
    def _makers(self) -> frozenset[str]:
        """Functions of the suite, fixtures among them, that return nothing but instances."""
        makers: frozenset[str] = frozenset()
        while True:  # a helper may call another one
            found = frozenset(f.name for f in self._functions if self._makes(f, makers))
            if found == makers:
                return makers
            makers = found

    def _makes(self, function: Function, makers: frozenset[str]) -> bool:
        names = self._names_in(function, makers)
        returned = [
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Return | ast.Yield) and node.value is not None
        ]
        return bool(returned) and all(self._is_instance(v, names, makers) for v in returned)

    def _names_in(self, function: Function, makers: frozenset[str]) -> set[str]:
        """Return the names that are bound to instances, and to nothing else."""
        arguments = function.args
        given = {each.arg for each in (*arguments.posonlyargs, *arguments.args)}
        bindings = list(_bindings(function))
        names = (given & makers) - {target for target, _ in bindings}  # fixtures
        while True:  # a name may be bound to what another name is bound to
            found, others = set(names), given - makers
            for target, value in bindings:
                made = value is not None and self._is_instance(value, names, makers)
                (found if made else others).add(target)
            if found - others == names:
                return names
            names = found - others

    def _is_instance(self, node: ast.expr, names: Collection[str], makers: Collection[str]) -> bool:
        if isinstance(node, ast.Name | ast.Attribute):
            return _name(node) in names or self._is_kept_by_self(node)
        if not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Name):
            return node.func.id in self._classes or node.func.id in makers
        module, _, name = _name(node.func).partition(".")
        return module in self._modules and name[:1].isupper()

    def _is_kept_by_self(self, node: ast.expr) -> bool:
        return _name(node) in self._kept_by_self

    @cached_property
    def _kept_by_self(self) -> set[str]:
        """``self.store`` that any method binds to an instance, such as ``setUp``."""
        found: set[str] = set()
        others: set[str] = set()
        for function in self._functions:
            for target, value in _bindings(function):
                if target.startswith("self."):
                    made = isinstance(value, ast.Call) and self._is_instance(value, (), ())
                    (found if made else others).add(target)
        return found - others


def _bindings(function: Function) -> Iterator[tuple[str, ast.expr | None]]:
    """Yield each name that a function binds, and to what; None for what cannot be told."""
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from _pairs(target, value)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                yield from _pairs(target, value)
            case ast.NamedExpr(target=target, value=value):
                yield from _pairs(target, value)
            case ast.withitem(context_expr=value, optional_vars=ast.Name(id=name)):
                yield name, None
            case ast.For(target=target) | ast.comprehension(target=target):
                yield from _pairs(target, None)


def _pairs(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[str, ast.expr | None]]:
    if isinstance(target, ast.Tuple):
        values = value.elts if isinstance(value, ast.Tuple) else []
        same = len(values) == len(target.elts)
        for index, each in enumerate(target.elts):
            yield from _pairs(each, values[index] if same else None)
    elif name := _name(target):
        yield name, value


def _name(node: ast.expr) -> str:
    """Return ``x`` of a name and ``x.y`` of its attribute; empty for everything else."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
