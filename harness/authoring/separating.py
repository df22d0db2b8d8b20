"""What decides the verdict of one case of a suite, so that a change of another does not count.

A case stands apart if its definition does nothing but define it, and no other code says its name.
The rest of the suite belongs to every case. A suite that could look at itself (by ``globals``,
``request``, ``sys`` …), or that prepares something for several cases, is judged as a whole. What
cases do to each other when they run is not seen here: ``harness.judge.suite_state`` finds it.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from harness.authoring.suites import CaseSource, Function, SuiteSource

_MODULES = re.compile(
    r"ast|atexit|builtins|code|codeop|ctypes|dis|gc|glob|importlib|inspect|linecache|marshal"
    r"|multiprocessing|os|pathlib|pdb|pickle|pkgutil|runpy|shelve|shutil|signal|site|socket|sqlite3"
    r"|subprocess|symtable|sys|tempfile|tokenize|trace|traceback|zipimport"
)
"""Modules that reach other code of the suite, or what lies outside of the process."""
_NAMES = re.compile(
    r"pytest_.*|breakpoint|compile|delattr|dir|eval|exec|globals|locals|open|vars"
    # Fixtures of pytest that know all cases, or keep something for several.
    r"|cache|doctest_namespace|pytestconfig|pytester|record_property|record_testsuite_property"
    r"|request|tmp_path_factory|tmpdir_factory"
    # What runs once for several cases.
    r"|(async)?(setUp|tearDown)(Class|Module)|(setup|teardown)_(class|module)"
)
_FRAMES = re.compile(r"f_(back|builtins|code|globals|locals)|(tb|gi|cr|ag)_frame")
_DUNDER = re.compile(r"__\w+__")
_HARMLESS = re.compile(
    r"__(a?enter|a?exit|a?iter|a?next|annotations|call|cause|class|contains|context|doc|eq|format"
    r"|getitem|hash|init|len|lt|name|notes|post_init|repr|str|suppress_context)__"
)
_CALCULATING = (
    *(ast.Call, ast.NamedExpr, ast.Lambda, ast.Await, ast.Yield, ast.YieldFrom),
    *(ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp),
)


def case_keys(source: SuiteSource) -> Mapping[str, str] | None:
    """Return each case's name → a hash of what decides it; None if the suite is one whole.

    Raises PackError when the suite is not Python.
    """
    if not _is_separable(source):
        return None
    apart = {case.name: case for case in source.cases if _is_plain(case.node)}
    nodes = {id(case.node) for case in apart.values()}
    rest = [_without(node, nodes) for node in source.tree.body if id(node) not in nodes]
    shared = "\n".join(map(ast.dump, rest))
    named_by_all = {name for node in rest for name in _named_in(node, apart)}
    keys = {}
    for case in source.cases:
        parts = dict.fromkeys([case.name, *named_by_all] if case.name in apart else named_by_all)
        waiting = list(parts)
        while waiting:
            new = _named_in(apart[waiting.pop()].node, apart) - parts.keys()
            parts |= dict.fromkeys(new)
            waiting += new
        text = "\n".join([shared, case.name, *(ast.dump(apart[n].node) for n in sorted(parts))])
        keys[case.name] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return keys


def _is_separable(source: SuiteSource) -> bool:
    head = source.text.splitlines()[:2]
    if any(line.lstrip().startswith("#") and "coding" in line for line in head):
        return False
    names = Counter(case.name for case in source.cases)
    classes = {node.name for node in source.tree.body if isinstance(node, ast.ClassDef)}
    cases = {id(case.node) for case in source.cases}
    return set(names.values()) <= {1} and not any(
        _looks_around(node) or _may_hold_other_cases(node, cases, classes)
        for node in ast.walk(source.tree)
    )


def _looks_around(node: ast.AST) -> bool:
    """Return whether code may reach other cases, or keep something for several."""
    match node:
        case ast.Import(names=names):
            return any(_MODULES.fullmatch(each.name.partition(".")[0]) for each in names)
        case ast.ImportFrom(module=module, names=names):
            is_listed = _MODULES.fullmatch((module or "").partition(".")[0])
            return bool(is_listed or names[0].name == "*")
        case ast.Name(id=name):
            return bool(_NAMES.fullmatch(name) or _DUNDER.fullmatch(name))
        case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return bool(_NAMES.fullmatch(name))
        case ast.Attribute(attr=name):
            is_dunder = _DUNDER.fullmatch(name) and not _HARMLESS.fullmatch(name)
            return bool(is_dunder or _FRAMES.fullmatch(name))
        case ast.keyword(arg="scope", value=value):
            return not (isinstance(value, ast.Constant) and value.value == "function")
    return False


def _may_hold_other_cases(node: ast.AST, cases: Collection[int], classes: Collection[str]) -> bool:
    """Return whether pytest may collect this as a case, or not, against what is read here."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return name.startswith("test") and id(node) not in cases
        case ast.ClassDef(bases=bases):
            return any(isinstance(base, ast.Name) and base.id in classes for base in bases)
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.alias(asname=str(name)):
            return name.lower().startswith("test")
        case ast.alias(name=name):
            return name.startswith("test")
        case ast.Global() | ast.Nonlocal():
            return any(name.lower().startswith("test") for name in node.names)
    return False


def _is_plain(node: Function) -> bool:
    """Return whether a definition does nothing but define its function."""
    given = node.args
    parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    values = [*given.defaults, *given.kw_defaults, node.returns]
    values += [each.annotation for each in parameters if each is not None]
    return all(map(_is_mark, node.decorator_list)) and not any(map(_calculates, values))


def _is_mark(decorator: ast.expr) -> bool:
    arguments: list[ast.expr] = []
    if isinstance(decorator, ast.Call):
        arguments = [*decorator.args, *(keyword.value for keyword in decorator.keywords)]
        decorator = decorator.func
    is_mark = ast.unparse(decorator).startswith("pytest.mark.")
    return is_mark and not any(map(_calculates, arguments))


def _calculates(value: ast.expr | None) -> bool:
    return value is not None and any(isinstance(n, _CALCULATING) for n in ast.walk(value))


def _without(node: ast.stmt, cases: Collection[int]) -> ast.stmt:
    """Return a statement of the module without the ``cases`` in it."""
    if not isinstance(node, ast.ClassDef):
        return node
    body = [_without(each, cases) for each in node.body if id(each) not in cases]
    return ast.ClassDef(**{**dict(ast.iter_fields(node)), "body": body})


def _named_in(node: ast.AST, cases: Mapping[str, CaseSource]) -> set[str]:
    """Return those of ``cases`` whose functions are named in some code, or in a text of it."""
    words = " ".join(_words(node))
    return {name for name, case in cases.items() if case.node.name in words}


def _words(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        match each:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.Constant(value=str(word)):
                yield word
