"""The cases of a foreign exercise, their levels, and the text of suites made of them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from harness.importing.level_names import level_in_name, level_in_path, side_in_name
from harness.importing.source import (
    Definition,
    Module,
    comments_of,
    remove_statements,
    tidy,
    words_of,
)
from harness.model.frozen import frozen
from harness.model.judgement import Suite

MOST_VISIBLE = 3

_ALWAYS = frozenset({"setup_module", "teardown_module", "setUpModule", "tearDownModule"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


@frozen(eq=False)
class Case:
    """One test function and its place."""

    module: Module
    node: Function
    owner: ast.ClassDef | None
    level: int | None
    """As the exercise counts; None when unknown."""
    side: Suite | None

    @property
    def name(self) -> str:
        """``test_it`` or ``Class::test_it``."""
        return f"{self.owner.name}::{self.node.name}" if self.owner else self.node.name


def find_cases(module: Module, bases: Collection[str] = ()) -> list[Case]:
    """Return all cases of a file, in their order.

    ``bases``: classes of other files that are also test cases.
    """
    found: list[Case] = []
    classes = _collected(module, bases)
    of_path = level_in_path(module.path)
    for node in module.tree.body:
        if isinstance(node, Function) and node.name.startswith("test"):
            found.append(_case(module, node, None, of_path))
        elif isinstance(node, ast.ClassDef) and node.name in classes:
            inner = (each for each in node.body if isinstance(each, Function))
            found += [
                _case(module, each, node, of_path) for each in inner if each.name.startswith("test")
            ]
    if all(case.level is None for case in found):
        return [replace(case, level=_level_above(module, case.node.lineno)) for case in found]
    return found


def is_skipped(case: Case) -> bool:
    """Whether a case is always skipped."""
    nodes: list[Definition] = [case.node, *([case.owner] if case.owner else [])]
    marks = [ast.unparse(mark).partition("(")[0] for n in nodes for mark in n.decorator_list]
    return any(mark.rpartition(".")[2] == "skip" for mark in marks)


def lenders_of(module: Module) -> set[str]:
    """Return the classes that are not test classes, but contain cases for those."""
    return {
        name
        for name, node in module.definitions.items()
        if isinstance(node, ast.ClassDef) and name not in _collected(module)
        if any(isinstance(part, Function) and part.name.startswith("test") for part in node.body)
    }


def bases_of(modules: Collection[Module]) -> set[str]:
    """Return the classes that test classes of other files may derive from, by their names."""
    found: set[str] = set()
    while True:
        more = {name for m in modules for name in _collected(m, found, plain=False)}
        if more <= found:
            return found
        found |= more


def choose_sides(cases: Sequence[Case]) -> dict[Suite, list[Case]]:
    """Share the cases of one level between its visible and its hidden suite.

    Cases that the exercise itself calls visible or hidden stay so. Otherwise the first third, at
    most three, is visible.
    """
    sides: dict[Suite, list[Case]] = {
        side: [case for case in cases if case.side is side] for side in Suite
    }
    open_ones = [case for case in cases if case.side is None]
    if not sides[Suite.VISIBLE]:
        count = min(MOST_VISIBLE, -(-len(open_ones) // 3)) if len(cases) > 1 else 0
        sides[Suite.VISIBLE] = open_ones[:count]
        open_ones = open_ones[count:]
    sides[Suite.HIDDEN] += open_ones
    # Every suite has a case.
    sides[Suite.VISIBLE] = sides[Suite.VISIBLE] or sides[Suite.HIDDEN][:1]
    sides[Suite.HIDDEN] = sides[Suite.HIDDEN] or sides[Suite.VISIBLE]
    return sides


def render_suite(
    module: Module, kept: Collection[Case], every: Collection[Case], level: int
) -> str:
    """Return the text of ``module`` with only these cases, and nothing that only others need.

    ``every``: all cases of the module.
    """
    names = {case.name for case in kept}
    doomed: list[ast.stmt] = [case.node for case in every if case.name not in names]
    text = remove_statements(module.text, module.tree, doomed)
    text = _without_headers(text, level)
    return _without_unused(text, names)


def join_suites(texts: Sequence[str]) -> tuple[str, list[str]]:
    """Return several suites of one level as one, and the names that two of them define.

    With such names, the text is useless.
    """
    if len(texts) == 1:
        return texts[0], []
    futures: set[str] = set()
    bodies: list[str] = []
    seen: dict[str, str] = {}
    twice: list[str] = []
    for text in texts:
        tree = ast.parse(text)
        first = [n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
        futures |= {ast.unparse(node) for node in first}
        bodies.append(remove_statements(text, tree, first))
        for name, code in _defined(tree):
            if seen.setdefault(name, code) != code:
                twice.append(name)
    return tidy("\n".join(sorted(futures)) + "\n\n" + "\n\n".join(bodies)), twice


def _case(module: Module, node: Function, owner: ast.ClassDef | None, of_path: int | None) -> Case:
    names = [*([owner.name] if owner else []), node.name]
    sides = (side_in_name(name) for name in (*reversed(names), str(module.path)))
    return Case(
        module=module,
        node=node,
        owner=owner,
        level=of_path if of_path is not None else _level(node, owner),
        side=next((side for side in sides if side), None),
    )


def _level(node: Function, owner: ast.ClassDef | None) -> int | None:
    """Look at names first, then decorators, then docstrings."""
    nodes: list[Definition] = [node, *([owner] if owner else [])]
    texts = [each.name for each in reversed(nodes)]
    texts += [ast.unparse(mark) for each in nodes for mark in each.decorator_list]
    texts += [(ast.get_docstring(each) or "").partition("\n")[0] for each in nodes]
    found = (level_in_name(text) for text in texts)
    return next((level for level in found if level is not None), None)


def _level_above(module: Module, line: int) -> int | None:
    """Return the level in the last comment above, for files whose names mention none."""
    above = [text for number, text in comments_of(module.text).items() if number < line]
    levels = (level_in_name(text) for text in reversed(above))
    return next((level for level in levels if level is not None), None)


def _collected(
    module: Module, bases_elsewhere: Collection[str] = (), *, plain: bool = True
) -> set[str]:
    """Return the classes that pytest collects; ``plain``: not only those of unittest."""
    classes = {n.name: n for n in module.tree.body if isinstance(n, ast.ClassDef)}

    def is_case(node: ast.ClassDef, depth: int = 0) -> bool:
        bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
        return any(
            base.endswith("TestCase")
            or (base in bases_elsewhere and base not in classes)
            or (depth < 10 and base in classes and is_case(classes[base], depth + 1))
            for base in bases
        )

    def is_plain(node: ast.ClassDef) -> bool:
        has_init = any(isinstance(part, Function) and part.name == "__init__" for part in node.body)
        return node.name.startswith("Test") and not has_init

    return {n for n, node in classes.items() if is_case(node) or (plain and is_plain(node))}


def _without_headers(text: str, level: int) -> str:
    """Remove comments that announce another level: they would give away what comes later."""
    levels = {number: level_in_name(comment) for number, comment in comments_of(text).items()}
    lines = enumerate(text.split("\n"), 1)
    return "\n".join(line for number, line in lines if levels.get(number) in (None, level))


def _without_unused(text: str, names: Collection[str]) -> str:
    """Remove classes and helpers that no kept case needs, until nothing changes."""
    owners = {name.partition("::")[0] for name in names}
    while True:
        tree = ast.parse(text)
        doomed = [
            node
            for node in tree.body
            if isinstance(node, Definition)
            and node.name not in owners | _ALWAYS
            and "autouse" not in {word for mark in node.decorator_list for word in _keywords(mark)}
            and node.name not in words_of(other for other in tree.body if other is not node)
        ]
        if not doomed:
            return tidy(text)
        text = remove_statements(text, tree, doomed)


def _keywords(mark: ast.expr) -> Iterator[str]:
    for node in ast.walk(mark):
        if isinstance(node, ast.keyword) and node.arg:
            yield node.arg


def _defined(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each name that a suite sets at its top, with its value."""
    for node in tree.body:
        if isinstance(node, Definition):
            yield node.name, ast.unparse(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield ast.unparse(target), ast.unparse(node.value)


def by_level(cases: Sequence[Case]) -> Mapping[int, list[Case]]:
    """Return the cases of each known level, in the order of the levels."""
    found: dict[int, list[Case]] = {}
    for case in cases:
        if case.level is not None:
            found.setdefault(case.level, []).append(case)
    return dict(sorted(found.items()))
