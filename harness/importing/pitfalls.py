"""What in a foreign test does not work through the proxy, as far as its syntax shows."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterable, Iterator

from harness.importing.cases import lenders_of
from harness.importing.imports import IN_THE_JUDGE, resolve
from harness.importing.labels import unneeded_imports
from harness.importing.source import (
    Function,
    Module,
    first_line,
    modules_named,
    words_of,
)
from harness.model.frozen import frozen

_LIBRARY = frozenset({"time", "datetime", "random", "builtins", "os", "sys", "uuid", "secrets"})
_OUTPUT = frozenset({"capsys", "capfd", "caplog"})
_OPENING = frozenset({"open", "io.open", "builtins.open"})
_READING = frozenset({"open", "read_text", "read_bytes"})
_FILE = re.compile(r"^[^\s]+\.[A-Za-z]{1,5}$")
_INSTEAD = {
    "parameterized": "Use pytest.mark.parametrize, or self.subTest in a loop",
    "ddt": "Use pytest.mark.parametrize, or self.subTest in a loop",
    "freezegun": "Pass the solution a clock as an argument",
    "time_machine": "Pass the solution a clock as an argument",
    "hypothesis": "Use the fixture `rng`: random numbers that are the same every time",
    "pytest_asyncio": "Call asyncio.run inside an ordinary test function",
    "func_timeout": "Call the function itself: the judge limits each case",
    "numpy": "Use lists",
}
_FOLDERS = frozenset({"tmp_path", "tmpdir", "tmp_path_factory"})


@frozen
class Pitfall:
    """A place in a test file that its author may have to rewrite."""

    text: str
    module: Module
    line: int

    def is_in(self, module: Module, node: ast.stmt) -> bool:
        """Whether it lies within a statement of a file."""
        return module is self.module and first_line(node) <= self.line <= (node.end_lineno or 0)


def find_pitfalls(
    tests: Iterable[Module],
    modules: Collection[Module],
    solution_names: Collection[str],
) -> list[Pitfall]:
    """Return what may not work in test files, as far as their syntax shows.

    ``modules``: all of the exercise; ``solution_names``: the classes and functions of the solution.
    """
    found: list[Pitfall] = []
    for module in tests:
        lenders = lenders_of(module)
        needless = {node.lineno for node in unneeded_imports(module.tree)}
        for top, line in libraries_of(module, modules):
            if line not in needless and top not in IN_THE_JUDGE:
                instead = _INSTEAD.get(top, "Copy what the suite needs of it into the suite")
                text = f"the judge has only pytest and the standard library, not {top}. {instead}."
                found.append(Pitfall(text, module, line))
        for node in ast.walk(module.tree):
            text = ""
            if isinstance(node, Function):
                text = _about_function(node, solution_names)
            elif isinstance(node, ast.ClassDef):
                text = _about_class(node, solution_names, lenders)
            elif isinstance(node, ast.Call):
                text = _about_call(node, solution_names)
            if text:
                found.append(Pitfall(text, module, getattr(node, "lineno", 1)))
    return found


def libraries_of(module: Module, modules: Collection[Module]) -> Iterator[tuple[str, int]]:
    """Yield the libraries that a file needs beside the standard library, with the line of each."""
    packages = {part for each in modules for part in each.path.parts[:-1]}
    spared = {
        part
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Try) and any(map(_catches_imports, node.handlers))
        for part in node.body
    }
    for node in ast.walk(module.tree):
        if node in spared or (isinstance(node, ast.ImportFrom) and node.level):
            continue
        for name in modules_named(node):
            top = name.partition(".")[0]
            is_known = top in sys.stdlib_module_names | packages
            if not is_known and resolve(name.split("."), module, modules) is None:
                yield top, getattr(node, "lineno", 1)


def _catches_imports(handler: ast.ExceptHandler) -> bool:
    caught = words_of([handler.type]) if handler.type else {"Exception"}
    return bool(caught & {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def _about_class(
    node: ast.ClassDef, solution_names: Collection[str], lenders: Collection[str]
) -> str:
    bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    derived, lending = sorted(bases & {*solution_names}), sorted(bases & {*lenders})
    if derived:
        return f"{node.name} derives from {derived[0]}, which stays in the box. Rewrite it."
    if lending:
        return (
            f"{node.name} inherits the cases of {', '.join(lending)} in each suite that it is "
            "in. Write a class for each level."
        )
    return ""


def _about_function(node: Function, solution_names: Collection[str]) -> str:
    uses_solution = not words_of([node]).isdisjoint(solution_names)
    if node.name == "setUpClass" and uses_solution:
        return "setUpClass shares an object of the solution between cases. Use setUp."
    for mark in node.decorator_list:
        scopes = [k.value for k in getattr(mark, "keywords", []) if k.arg == "scope"]
        wide = [s for s in scopes if isinstance(s, ast.Constant) and s.value != "function"]
        if wide and uses_solution:
            return f"{node.name} shares an object of the solution between cases. Remove the scope."
    arguments = {argument.arg for argument in node.args.args}
    if arguments & _OUTPUT:
        return (
            f"{min(arguments & _OUTPUT)} does not see what the solution prints. Test return values."
        )
    if arguments & _FOLDERS:
        return "the solution cannot read or write files. Test return values."
    of_unittest = [argument.arg for argument in node.args.args[:1]] == ["self"]
    if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test") and not of_unittest:
        return "an async test function is not run. Call asyncio.run inside an ordinary one."
    return ""


def _about_call(node: ast.Call, solution_names: Collection[str]) -> str:
    whole = ast.unparse(node.func)
    name = whole.rpartition(".")[2]
    if whole in _OPENING or (name in _READING and "Path" in whole):
        texts = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
        files = [text for text in texts if isinstance(text, str) and _FILE.match(text)]
        missing = f", and {files[0]} is not in the pack" if files else ""
        return f"a suite cannot read files{missing}. Put the data into the suite."
    if not (node.args and whole.endswith(("patch", "monkeypatch.setattr"))):
        return ""
    first = node.args[0]
    target = first.value if isinstance(first, ast.Constant) else ast.unparse(first)
    if not isinstance(target, str):
        return ""
    if target.partition(".")[0] in _LIBRARY:
        return (
            f"the solution runs in another process and does not see that {target} is replaced. "
            "Pass a clock, or whatever it is, as an argument."
        )
    # Left to itself, `patch` asks what it replaces: of things in the box, only the solution's own
    # functions are known to be plain.
    said = {keyword.arg for keyword in node.keywords}
    alone = len(node.args) == 1 and not said & {"new", "new_callable", None}
    if whole.endswith("patch") and alone and target.rpartition(".")[2] not in solution_names:
        return f"a mock for {target} would be async. Pass patch the replacement as well."
    return ""
