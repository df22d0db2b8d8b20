"""Test files of okpy and otter: their doctests, which lie in a dict, become test functions."""

from __future__ import annotations

import ast
import builtins
import doctest
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from harness.importing.source import Module, Notes, Source, names_set_by
from harness.model.frozen import frozen


@frozen
class _Doctest:
    code: str
    hidden: bool
    locked: bool
    line: int


def with_doctests(source: Source) -> Source:
    """Return an exercise whose modules with doctests in a dict are test files for pytest."""
    found = {module: list(_doctests_in(module.tree)) for module in source.modules}
    others = [module for module, tests in found.items() if not tests]
    modules = (
        _as_tests(module, tests, others, source.notes) if tests else module
        for module, tests in found.items()
    )
    return replace(source, modules=tuple(modules))


def _doctests_in(tree: ast.Module) -> Iterator[_Doctest]:
    """Yield the cases of `test = {"suites": [{"cases": [{"code": ">>> …"}]}]}`."""
    wholes = [node.value for node in tree.body if isinstance(node, ast.Assign)]
    for whole in wholes:
        for suite in _items(_fields(whole).get("suites")):
            fields = _fields(suite)
            setup = str(_plain(fields.get("setup")) or "")
            for case in (_fields(each) for each in _items(fields.get("cases"))):
                code = case.get("code")
                if isinstance(code, ast.Constant) and ">>>" in str(code.value):
                    yield _Doctest(
                        "\n".join(map(textwrap.dedent, (setup, str(code.value)))),
                        bool(_plain(case.get("hidden"))),
                        bool(_plain(case.get("locked"))),
                        code.lineno,
                    )


def _as_tests(
    module: Module, tests: Sequence[_Doctest], others: Sequence[Module], notes: Notes
) -> Module:
    """Return a test file of which each function stands at the line of its doctest."""
    lines: list[str] = []
    functions: list[tuple[int, list[str]]] = []
    for number, test in enumerate(tests, 1):
        name = f"test_{module.name}_{number}{'_hidden' * test.hidden}"
        body = None if test.locked else _body(test.code)
        if body is None:
            why = "is locked" if test.locked else "prints more than one value"
            notes.ask(f"`{module.path}:{test.line}`: a doctest {why} and was left out.")
        else:
            functions.append((test.line, [f"def {name}():", *(f"    {line}" for line in body)]))
    text = "\n".join(line for _, code in functions for line in code)
    lines.append("import pytest" if "pytest.raises" in text else "")
    for owner, names in _owners(ast.parse(text or "pass"), others):
        lines.append(f"from {owner.name} import {', '.join(names)}")
    for line, code in functions:
        lines += [""] * max(2, line - len(lines) - 1)
        lines += code
    notes.note(f"The doctests of `{module.path}` became test functions: {len(functions)}.")
    text = "\n".join(lines) + "\n"
    return replace(module, text=text, tree=ast.parse(text), is_made=True)


def _body(code: str) -> list[str] | None:
    """Return the lines of a doctest as code that asserts; None if that cannot be said."""
    found: list[str] = []
    try:
        for example in doctest.DocTestParser().get_examples(code):
            tree = ast.parse(example.source)
            if any(isinstance(n, ast.ImportFrom) and n.names[0].name == "*" for n in tree.body):
                continue  # what it means is imported by name
            source, want = example.source.rstrip("\n"), example.want.strip()
            only = tree.body[0] if len(tree.body) == 1 else None
            if example.exc_msg is not None:
                kind = example.exc_msg.partition(":")[0].strip().rpartition(".")[2]
                found += [f"with pytest.raises({kind}):", textwrap.indent(source, "    ")]
            elif not want:
                found += [source] if tree.body else []
            elif isinstance(only, ast.Expr):
                found.append(_assertion(only.value, want))
            else:
                return None
    except (SyntaxError, ValueError):
        return None
    return [line for part in found for line in part.split("\n")] or None


def _assertion(value: ast.expr, want: str) -> str:
    is_simple = isinstance(value, ast.Call | ast.Name | ast.Attribute | ast.Subscript)
    said = ast.unparse(value) if is_simple else f"({ast.unparse(value)})"
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "print" and not value.keywords:
        parts = ", ".join(map(ast.unparse, value.args))
        return f"assert ' '.join(map(str, [{parts}])) == {want!r}"
    try:
        expected = ast.literal_eval(want)
    except (SyntaxError, ValueError):
        return f"assert repr({said}) == {want!r}"
    return f"assert {said} is None" if expected is None else f"assert {said} == {expected!r}"


def _owners(tree: ast.Module, others: Sequence[Module]) -> list[tuple[Module, list[str]]]:
    """Return the file that defines most of what the functions use and do not set themselves."""
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    own = {"pytest"}.union(*(names_set_by(n) for f in tree.body for n in getattr(f, "body", [])))
    missing = used - own - set(dir(builtins))
    best = max(others, key=lambda module: len(missing & module.handed_out), default=None)
    names = sorted(missing & best.handed_out) if best is not None else []
    return [(best, names)] if best is not None and names else []


def _fields(node: ast.AST | None) -> dict[object, ast.expr]:
    pairs = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
    return {key.value: value for key, value in pairs if isinstance(key, ast.Constant)}


def _items(node: ast.AST | None) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.List | ast.Tuple) else []


def _plain(node: ast.AST | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None
