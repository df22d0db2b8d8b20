"""What in a foreign test does not work through the proxy, as far as its syntax shows."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterator

from harness.importing.found_cases import lenders_of
from harness.importing.source import Module, words_of
from harness.importing.spelling import resolve
from harness.importing.timeouts import LIBRARIES

_LIBRARY = frozenset({"time", "datetime", "random", "builtins", "os", "sys", "uuid", "secrets"})
_OUTPUT = frozenset({"capsys", "capfd", "caplog"})
_COMPARING = ("assertEqual", "assertNotEqual", "assertListEqual", "assertIn", "assertCountEqual")
_CONTAINERS = (ast.List, ast.Tuple, ast.Dict)
_ASKING = {
    "repr": "repr() shows only the class. Use str(), or compare what it contains.",
    "type": "type() is a class of the judge. Use isinstance.",
    "issubclass": "the class stays in the box. Use isinstance on an object.",
    "vars": "the attributes stay in the box. Read each by its name.",
    "asdict": "the fields stay in the box. Read each by its name.",
    "astuple": "the fields stay in the box. Read each by its name.",
    "deepcopy": "it cannot be copied outside the box. Make two.",
}
_READING = frozenset({"open", "read_text", "read_bytes"})
_FILE = re.compile(r"^[^\s]+\.[A-Za-z]{1,5}$")
_IN_THE_JUDGE = frozenset({"pytest", "_pytest"})
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


def find_pitfalls(
    module: Module,
    modules: Collection[Module],
    solution_names: frozenset[str],
    solution_classes: frozenset[str],
) -> Iterator[str]:
    """Yield a sentence for each thing in a test file that its author has to rewrite.

    ``modules``: all of the exercise; ``solution_names``: the classes and functions of the solution;
    ``solution_classes``: of these, the classes that are not exceptions.
    """
    for statement in module.tree.body:
        for library in _libraries(statement, module, modules):
            yield f"`{module.path}:{statement.lineno}`: {library}"
    for node in ast.walk(module.tree):
        made = _compared_object(node, solution_classes)
        if made:
            text = f"objects of the solution equal only themselves. Compare what a {made} contains."
        else:
            text = _about(node, module, solution_names)
        if text:
            yield f"`{module.path}:{getattr(node, 'lineno', 1)}`: {text}"


def _libraries(node: ast.stmt, module: Module, modules: Collection[Module]) -> Iterator[str]:
    """Yield what to do about each library that the judge does not have."""
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        names = [node.module]
    for name in names:
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names | _IN_THE_JUDGE | LIBRARIES:
            continue
        if resolve(name.split("."), module, modules) is None and not _is_package(top, modules):
            instead = _INSTEAD.get(top, "Copy what the suite needs of it into the suite")
            yield f"the judge has only pytest and the standard library, not {top}. {instead}."


def _is_package(name: str, modules: Collection[Module]) -> bool:
    return any(name in module.path.parts[:-1] for module in modules)


def _about(node: ast.AST, module: Module, solution_names: frozenset[str]) -> str:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return _about_function(node, solution_names)
    if isinstance(node, ast.ClassDef):
        bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        derived = sorted(bases & solution_names)
        if derived:
            return f"{node.name} derives from {derived[0]}, which stays in the box. Rewrite it."
        lenders = sorted(bases & lenders_of(module))
        if lenders:
            return (
                f"{node.name} inherits the cases of {', '.join(lenders)} in each suite that it is "
                "in. Write a class for each level."
            )
    if isinstance(node, ast.Call):
        return _about_call(node, solution_names)
    return ""


def _compared_object(node: ast.AST, solution_classes: frozenset[str]) -> str:
    """Return the class of an object that is made only for a comparison; empty for none."""
    sides: list[ast.expr] = []
    if isinstance(node, ast.Compare):
        if all(isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for op in node.ops):
            sides = [node.left, *node.comparators]
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(_COMPARING):
        sides = node.args[:2]
    for side in sides:
        for inner in ast.walk(side) if isinstance(side, _CONTAINERS) else [side]:
            made = ast.unparse(inner.func).rpartition(".")[2] if isinstance(inner, ast.Call) else ""
            if made in solution_classes:
                return made
    return ""


def _about_function(
    node: ast.FunctionDef | ast.AsyncFunctionDef, solution_names: frozenset[str]
) -> str:
    used = words_of([node])
    if node.name == "setUpClass" and used & solution_names:
        return "setUpClass shares an object of the solution between cases. Use setUp."
    for mark in node.decorator_list:
        scopes = [k.value for k in getattr(mark, "keywords", []) if k.arg == "scope"]
        wide = [s for s in scopes if isinstance(s, ast.Constant) and s.value != "function"]
        if wide and used & solution_names:
            return f"{node.name} shares an object of the solution between cases. Remove the scope."
    arguments = {argument.arg for argument in node.args.args}
    if arguments & _OUTPUT:
        return (
            f"{min(arguments & _OUTPUT)} does not see what the solution prints. Test return values."
        )
    if arguments & _FOLDERS:
        return "the solution cannot read or write files. Test return values."
    if isinstance(node, ast.AsyncFunctionDef) and _is_test_of_pytest(node):
        return "an async test function is not run. Call asyncio.run inside an ordinary one."
    return ""


def _is_test_of_pytest(node: ast.AsyncFunctionDef) -> bool:
    return node.name.startswith("test") and [a.arg for a in node.args.args[:1]] != ["self"]


def _about_call(node: ast.Call, solution_names: frozenset[str]) -> str:
    name = ast.unparse(node.func).rpartition(".")[2]
    first = node.args[0] if node.args else None
    if name in _READING:
        texts = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
        files = [text for text in texts if isinstance(text, str) and _FILE.match(text)]
        missing = f", and {files[0]} is not in the pack" if files else ""
        return f"a suite cannot read files{missing}. Put the data into the suite."
    whole = ast.unparse(node.func)
    if whole.rpartition(".")[2] in _ASKING and node.args:
        return f"for an object of the solution, {_ASKING[whole.rpartition('.')[2]]}"
    if not whole.endswith(("patch", "monkeypatch.setattr")):
        return ""
    target = first.value if isinstance(first, ast.Constant) else None
    if first is not None and target is None:
        target = ast.unparse(first)
    if isinstance(target, str) and target.partition(".")[0] in _LIBRARY:
        return (
            f"the solution runs in another process and does not see that {target} is replaced. "
            "Pass a clock, or whatever it is, as an argument."
        )
    # The solution's own functions are known by name; other things in the box are not.
    if not (isinstance(target, str) and whole.endswith("patch") and _makes_its_own(node)):
        return ""
    if target.rpartition(".")[2] not in solution_names:
        return f"a mock for {target} would be async. Pass patch the replacement as well."
    return ""


def _makes_its_own(node: ast.Call) -> bool:
    """Whether a call of `patch` leaves it to unittest to make the replacement."""
    said = {keyword.arg for keyword in node.keywords}
    return len(node.args) == 1 and not said & {"new", "new_callable", None}
