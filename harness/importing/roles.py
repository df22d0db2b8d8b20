"""Which of several files that could be the solution is the reference, and which is a stub of it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import IntEnum

from harness.importing.imports import Asked, asked_for, is_elsewhere, resolve
from harness.importing.level_names import level_in_path, tokens_of
from harness.importing.source import Definition, Function, Module, Source
from harness.model.frozen import frozen


class Role(IntEnum):
    """What the names of a file and its folders say about it, the best last."""

    WRONG = 0
    STUB = 1
    UNKNOWN = 2
    REFERENCE = 3


_WORDS = {
    Role.WRONG: frozenset(
        {"broken", "wrong", "buggy", "bug", "bugs", "incorrect", "mutant", "mutants", "mutation"}
        | {"bad", "fail", "failing", "faulty", "invalid"}
    ),
    Role.STUB: frozenset(
        {"stub", "stubs", "starter", "starters", "skeleton", "template", "templates", "incomplete"}
        | {"student", "students", "initial", "start", "todo", "boilerplate", "blank", "empty"}
        | {"unsolved", "attempt", "attempts", "submission", "submissions", "scaffold"}
    ),
    Role.REFERENCE: frozenset(
        {"solution", "solutions", "reference", "references", "ref", "answer", "answers", "example"}
        | {"exemplar", "complete", "completed", "finished", "final", "official", "correct", "sol"}
        | {"soln", "solved", "fixed"}
    ),
}
_EVERY = frozenset().union(*_WORDS.values())


def role_of(module: Module, asked: str) -> Role:
    """Return what the path of a file says; ``asked``: the name that the tests import."""
    own = [token for token in tokens_of(module.name) if token not in tokens_of(asked)]
    for tokens in (own, *(tokens_of(part) for part in reversed(module.path.parts[:-1]))):
        for role, words in _WORDS.items():
            if words.intersection(tokens):
                return role
    return Role.UNKNOWN


def fills(module: Module, asked: str, taken: Collection[str] = ()) -> bool:
    """Whether a file may stand for what tests import as ``asked``.

    It does by its name, words such as ``reference`` aside; with a name that consists only of such
    words, it has to define all that is ``taken``.
    """
    if module.name == asked or (_core(module.name) and _core(module.name) == _core(asked)):
        return True
    only_role = not _core(module.name) or not _core(asked)
    return only_role and bool(taken) and set(taken) <= module.handed_out


def is_stub(module: Module) -> bool:
    """Whether most functions of a file have no code; constructors do not count."""
    functions = [
        node
        for owner in (module.tree, *module.definitions.values())
        for node in (owner.body if isinstance(owner, ast.Module | ast.ClassDef) else [])
        if isinstance(node, Function) and node.name != "__init__"
    ]
    return bool(functions) and sum(map(_has_no_code, functions)) * 2 > len(functions)


@frozen
class Meaning:
    """What an import of a test file may mean."""

    asked: Asked
    name: str
    """The name that is asked for."""
    candidates: Sequence[Module]
    best: Sequence[Module]
    """Those of which nothing says that another one is the reference."""


def meanings(
    test: Module,
    source: Source,
    others: Sequence[Module],
    words: Collection[str],
    level: int | None = None,
    named: Collection[Module] = (),
) -> Iterator[Meaning]:
    """Yield what a test file imports that is neither a helper nor a module of the library.

    ``others``: the modules that may be part of a solution; ``words``: all that the tests name;
    ``named``: those of ``others`` that ``--solution`` names.
    """
    for asked in asked_for(test, others):
        target = asked.module
        known = target or resolve(asked.name, test, source.modules)
        if known is None and is_elsewhere(asked.name):
            continue
        if known is not target and known is not None and known.handed_out:
            continue  # a helper
        name = target.name if target is not None else asked.name[-1]
        taken = asked.taken or (target.handed_out if target is not None else frozenset())
        fitting = [m for m in others if fills(m, name, taken)]
        fitting = [m for m in fitting if target is not None or taken <= m.handed_out]
        fitting += [target] if target is not None and target not in fitting else []
        meant = [m for m in named if m in fitting]
        if not meant and (target is not None or taken):
            meant = [m for m in named if asked.taken <= m.handed_out]
        best = _best(meant or fitting, name, level, words, test) if fitting or meant else []
        yield Meaning(asked, name, [*dict.fromkeys([*fitting, *meant])], best)


def _best(
    candidates: Iterable[Module],
    asked: str,
    level: int | None,
    words: Collection[str],
    test: Module,
) -> list[Module]:
    """Return the candidates of which nothing says that another one is the reference.

    ``words``: all that tests name; ``test``: the file that asks for it.
    """
    found = list(candidates)

    def keep(fitting: Iterable[Module]) -> None:
        nonlocal found
        found = list(fitting) or found

    keep(m for m in found if role_of(m, asked) is not Role.WRONG)
    keep(m for m in found if level is not None and level_in_path(m.path) == level)
    keep(m for m in found if not is_stub(m))
    most = max(len(m.handed_out & set(words)) for m in found)
    keep(m for m in found if len(m.handed_out & set(words)) == most)
    highest = max(role_of(m, asked) for m in found)
    keep(m for m in found if role_of(m, asked) == highest)
    if len({m.text for m in found}) == 1:
        return found[:1]
    around = {*test.path.parents}
    nearest = max(len(around & {*m.path.parents}) for m in found)
    keep(m for m in found if len(around & {*m.path.parents}) == nearest)
    shortest = min(len(m.path.parts) for m in found)
    keep(m for m in found if len(m.path.parts) == shortest)
    return found


def _core(name: str) -> tuple[str, ...]:
    return tuple(token for token in tokens_of(name) if token not in _EVERY)


def _has_no_code(node: Definition) -> bool:
    body = [part for part in node.body if not isinstance(part, ast.Pass)]
    body = [
        part
        for part in body
        if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
    ]
    if not body:
        return True
    if len(body) > 1:
        return False
    only = body[0]
    if isinstance(only, ast.Raise):
        return "NotImplemented" in ast.unparse(only)
    if not isinstance(only, ast.Return):
        return False
    return only.value is None or (isinstance(only.value, ast.Constant) and not only.value.value)
