"""The cases of a foreign exercise, their levels, and the suites made of them.

Each suite stands alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from harness.importing.companions import Companions, advise_on, conftests_of
from harness.importing.imports import Renaming
from harness.importing.labels import level_marks, side_of, without_labels
from harness.importing.level_names import (
    level_by_pattern,
    level_in_name,
    level_in_path,
    numbers_in_name,
    side_in_name,
)
from harness.importing.source import (
    Definition,
    Function,
    Module,
    Source,
    comments_of,
    contradictions,
    is_automatic,
    is_future,
    remove_statements,
    tidy,
    words_of,
)
from harness.model.frozen import frozen
from harness.model.judgement import Suite

MOST_VISIBLE = 3

_ALWAYS = frozenset({"setup_module", "teardown_module", "setUpModule", "tearDownModule"})


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
    def nodes(self) -> list[Definition]:
        """The function, and the class around it."""
        return [self.node, *([self.owner] if self.owner else [])]

    @property
    def marks(self) -> list[str]:
        """The marks that may name its level, as text."""
        return [mark for node in self.nodes for mark in level_marks(node)]

    @property
    def marks_of_file(self) -> list[str]:
        """The marks that all cases of its file have."""
        return list(level_marks(self.module.tree))

    @property
    def around(self) -> list[str]:
        """The names of its class, its file and its folders, the nearest first."""
        owner = [self.owner.name] if self.owner else []
        return [*owner, *reversed(self.module.path.with_suffix("").parts)]

    @property
    def texts(self) -> list[str]:
        """All that may name its level, the surest first."""
        titles = [(ast.get_docstring(node) or "").partition("\n")[0] for node in self.nodes]
        return [*self.marks, *self.around, self.node.name, *self.marks_of_file, *titles]

    @property
    def name(self) -> str:
        """``test_it`` or ``Class::test_it``."""
        return f"{self.owner.name}::{self.node.name}" if self.owner else self.node.name


def find_cases(module: Module, bases: Collection[str] = ()) -> list[Case]:
    """Return all cases of a file, in their order.

    ``bases``: classes of other files that are also test cases.
    """
    classes = _collected(module, bases)
    functions: list[tuple[ast.stmt, ast.ClassDef | None]] = []
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef) and node.name in classes:
            functions += [(each, node) for each in node.body]
        else:
            functions.append((node, None))
    found = [
        _case(module, node, owner)
        for node, owner in functions
        if isinstance(node, Function) and node.name.startswith("test")
    ]
    if all(case.level is None for case in found):
        # Names mention none: the last comment above a case may.
        comments = {n: level_in_name(text) for n, text in comments_of(module.text).items()}
        for number, case in enumerate(found):
            above = [
                level for n, level in comments.items() if level is not None and n < case.node.lineno
            ]
            found[number] = replace(case, level=above[-1] if above else None)
    return found


def assign_levels(cases: Sequence[Case], pattern: re.Pattern[str] | None = None) -> list[Case]:
    """Return the cases with the levels that ``pattern`` or, without one, all names together give.

    A number behind any word is the level, if every case has one and they count up from 0 or 1:
    `task(taskno=2)`, `TestGroup2`, `test_group_2_empty`.
    """
    if pattern is not None:
        by_pattern = partial(level_by_pattern, pattern)
        return [replace(case, level=_first(map(by_pattern, case.texts))) for case in cases]
    if sum(case.level is not None for case in cases) * 2 > len(cases):
        return list(cases)
    kinds = {
        "marks": [[*case.marks, *case.marks_of_file] for case in cases],
        "around": [case.around for case in cases],
        "functions": [[case.node.name] for case in cases],
    }
    for kind, texts in kinds.items():
        numbers = [_numbers_in(each) for each in texts]
        for word in dict.fromkeys(word for each in numbers for word in each):
            found = [each.get(word) for each in numbers]
            files = [case.module for case in cases] if kind == "functions" else []
            if _are_levels(found, files):
                return [replace(c, level=level) for c, level in zip(cases, found, strict=True)]
    return list(cases)


def _first(levels: Iterable[int | None]) -> int | None:
    return next((level for level in levels if level is not None), None)


def _numbers_in(texts: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for text in reversed(texts):
        found |= numbers_in_name(text)
    return found


def _are_levels(found: Sequence[int | None], files: Sequence[Module]) -> bool:
    """Whether numbers count levels; ``files``, of the cases, if functions are numbered.

    Those are often numbered without any meaning: levels then have several cases, and rise.
    """
    levels = [level for level in found if level is not None]
    values = sorted(set(levels))
    if len(levels) < len(found) or len(values) < 2:
        return False
    steps = zip(found, found[1:], files, files[1:], strict=False)
    rising = all(a is None or b is None or a <= b or m is not n for a, b, m, n in steps)
    counts = len(values) * 2 <= len(levels) or not files
    return counts and rising and values[0] in (0, 1) and values[-1] - values[0] == len(values) - 1


def is_skipped(case: Case) -> bool:
    """Whether a case is always skipped."""
    marks = [ast.unparse(mark).partition("(")[0] for n in case.nodes for mark in n.decorator_list]
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


def by_level(cases: Sequence[Case]) -> Mapping[int, list[Case]]:
    """Return the cases of each known level, in the order of the levels."""
    found: dict[int, list[Case]] = {}
    for case in cases:
        if case.level is not None:
            found.setdefault(case.level, []).append(case)
    return dict(sorted(found.items()))


def _choose_sides(cases: Sequence[Case], fresh: Collection[Case]) -> dict[Suite, list[Case]]:
    """Share the cases of one level between its visible and its hidden suite.

    Cases that the exercise itself calls visible or hidden stay so. Otherwise the first third, at
    most three, is visible: of those that are ``fresh``, if there are any.
    """
    sides: dict[Suite, list[Case]] = {
        side: [case for case in cases if case.side is side] for side in Suite
    }
    open_ones = [case for case in cases if case.side is None]
    if not sides[Suite.VISIBLE]:
        count = min(MOST_VISIBLE, -(-len(open_ones) // 3)) if len(cases) > 1 else 0
        visible = ([case for case in open_ones if case in fresh] or open_ones)[:count]
        sides[Suite.VISIBLE] = visible
        open_ones = [case for case in open_ones if case not in visible]
    sides[Suite.HIDDEN] += open_ones
    # Every suite has a case.
    sides[Suite.VISIBLE] = sides[Suite.VISIBLE] or sides[Suite.HIDDEN][:1]
    sides[Suite.HIDDEN] = sides[Suite.HIDDEN] or sides[Suite.VISIBLE]
    return sides


def _render(module: Module, kept: Collection[Case], every: Collection[Case], level: int) -> str:
    """Return the text of ``module`` with only these cases, and nothing that only others need.

    ``every``: all cases of the module.
    """
    names = {case.name for case in kept}
    doomed: list[ast.stmt] = [case.node for case in every if case.name not in names]
    text = remove_statements(module.text, module.tree, doomed)
    if module.is_made:
        text = re.sub(r"\n{4,}", "\n\n\n", text)
    # Comments that announce another level would give away what comes later.
    levels = {number: level_in_name(comment) for number, comment in comments_of(text).items()}
    lines = enumerate(text.split("\n"), 1)
    text = "\n".join(line for number, line in lines if levels.get(number) in (None, level))
    return _without_unused(without_labels(text), names)


def _joined(texts: Sequence[str]) -> str:
    """Return several suites of one level as one."""
    if len(texts) == 1:
        return texts[0]
    futures: set[str] = set()
    bodies: list[str] = []
    for text in texts:
        tree = ast.parse(text)
        first = [node for node in tree.body if is_future(node)]
        futures |= {ast.unparse(node) for node in first}
        bodies.append(remove_statements(text, tree, first))
    return tidy("\n".join(sorted(futures)) + "\n\n" + "\n\n".join(bodies))


@dataclass
class SuiteWriter:
    """Writes the suites of all levels, and notes what they lack of the test files."""

    source: Source
    cases: Sequence[Case]
    """All cases of the exercise."""
    renaming: Renaming
    names: Collection[str]
    """All public names of the solutions, those of their methods among them."""
    copied_of: set[Module] = field(default_factory=set)
    """The helper modules and conftest files from which something was copied so far."""

    def write(self, levels: Mapping[int, list[Case]]) -> dict[int, dict[Suite, str]]:
        """Return the suites by level, from 1. ``levels``: as the exercise counts them."""
        suites: dict[int, dict[Suite, str]] = {}
        known: set[str] = set()
        shared: list[str] = []
        for number, (level, cases) in enumerate(levels.items(), 1):
            new = {case: _words_behind(case) & {*self.names} - known for case in cases}
            sides = _choose_sides(cases, [case for case, names in new.items() if names])
            known = known.union(*new.values())
            if sides[Suite.VISIBLE][0] in sides[Suite.HIDDEN]:
                shared.append(str(number))
            suites[number] = {
                side: self._suite(side_cases, level, number) for side, side_cases in sides.items()
            }
            self.source.notes.note(
                f"Level {number}: {len(sides[Suite.VISIBLE])} visible and "
                f"{len(sides[Suite.HIDDEN])} hidden cases."
            )
        if shared:
            self.source.notes.ask(
                f"The cases of a level are all visible or all hidden, so its two suites share some "
                f"(level {', '.join(shared)}). Write more."
            )
        self._note_companions({case.module for group in levels.values() for case in group})
        return suites

    def _suite(self, cases: Sequence[Case], level: int, number: int) -> str:
        companions = Companions(self.source.modules, self.renaming)
        texts: list[str] = []
        for module in dict.fromkeys(case.module for case in cases):
            every = [case for case in self.cases if case.module is module]
            kept = [case for case in cases if case.module is module]
            text = companions.take(_render(module, kept, every, level), module)
            text = self.renaming.apply(text, module)
            for missing in self.renaming.missing_modules(text, module):
                self.source.notes.ask(
                    f"`{module.path}` imports `{missing}`, which a suite cannot do. Copy what it "
                    f"needs into the suites of level {number}."
                )
            twice = contradictions([*texts, text])
            if twice:
                self.source.notes.ask(
                    f"`{module.path}` was left out of level {number}: another file of this level "
                    f"also defines {', '.join(twice)}. Rename one of them."
                )
            else:
                texts.append(text)
        text, copied_of, twice = companions.into(_joined(texts))
        self.copied_of |= set(copied_of)
        if twice:
            self.source.notes.ask(
                f"Nothing of helpers and conftest.py was copied into a suite of level {number}: "
                f"{', '.join(twice)} is defined twice. Rename one and import again."
            )
        return text

    def _note_companions(self, tested: set[Module]) -> None:
        """Report what was copied from each file, and what was not."""
        for module in sorted(self.copied_of, key=lambda each: each.path):
            self.source.notes.note(
                f"What the suites need from `{module.path}` was copied into them: a suite cannot "
                "import a file beside it."
            )
        loaded = {c for module in tested for c in conftests_of(module, self.source.modules)}
        for module in sorted(loaded | self.copied_of, key=lambda each: each.path):
            for line in advise_on(module, module in self.copied_of):
                self.source.notes.ask(line)


def _words_behind(case: Case) -> set[str]:
    """Return what a case names, itself and in the functions of its file that it uses."""
    found = words_of([case.node])
    helpers = {n: d for n, d in case.module.definitions.items() if isinstance(d, Function)}
    pending = [*found]
    while pending:
        helper = helpers.pop(pending.pop(), None)
        new = words_of([helper]) - found if helper else set()
        found |= new
        pending += new
    return found


def _case(module: Module, node: Function, owner: ast.ClassDef | None) -> Case:
    case = Case(module, node, owner, None, None)
    names = (each.name for each in case.nodes)
    sides = (*map(side_of, case.nodes), *map(side_in_name, [*names, str(module.path)]))
    levels = (level_in_path(module.path), *map(level_in_name, case.texts))
    return replace(case, level=_first(levels), side=next(filter(None, sides), None))


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
            and not is_automatic(node)
            and node.name not in words_of(other for other in tree.body if other is not node)
        ]
        if not doomed:
            return tidy(text)
        text = remove_statements(text, tree, doomed)
