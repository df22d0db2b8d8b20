"""What holds of the whole package: one meaning for a name, and no message read back as data."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "harness"

SAME_FUNCTION_NAME = {
    "main": "the entry point of a process; each process has its own file",
}
"""Public functions that may have one name in several files, and why."""

NAMED_AFTER_A_ROOM = {"checks", "cli", "terminal"}
"""Folders whose files have the name of what they check, command or draw."""

SAME_FILE_NAME = {
    "zygote": "the two ends of one process",
}
"""Other files that may have one name in several folders, and why."""

WORDS_OF_OTHERS = {
    ("catalog/manifest_file.py", "_parse_toml"): "only tomllib's message has the line",
    ("judge/explain.py", "_of_assertion"): "pytest explains a failed assertion in words only",
    ("judge/explain.py", "_of_truth"): "the same",
    ("judge/explain.py", "_of_pytest_fail"): "pytest.fail and pytest.raises have words only",
    ("judge/explain.py", "_rule"): "a pattern of `match` that is no class is a mere TypeError",
    ("authoring/checks/wording.py", "_is_foreign"): "the names of characters in Unicode",
    ("importing/statements.py", "_spaced"): "lines of Python",
}
"""Functions that look at words which harness did not write, and whose they are."""

MESSAGES = {"message", "hint", "reason", "why", "strerror", "not_asked"}
"""Attributes that hold words for people."""
TEXT_METHODS = {
    "count", "endswith", "find", "index", "partition", "removeprefix", "removesuffix", "replace",
    "rfind", "rindex", "rpartition", "rsplit", "split", "splitlines", "startswith",
}  # fmt: skip
MATCHERS = {"findall", "finditer", "fullmatch", "match", "search", "sub"}


@cache
def modules() -> dict[Path, ast.Module]:
    files = sorted(path for path in PACKAGE.rglob("*.py"))
    return {path.relative_to(PACKAGE): ast.parse(path.read_text("utf-8")) for path in files}


def repeated(kind: type[ast.ClassDef] | type[ast.FunctionDef]) -> dict[str, list[str]]:
    """Return the public names of this kind that several files define at their top."""
    places: dict[str, list[str]] = defaultdict(list)
    for path, module in modules().items():
        for name in {node.name for node in module.body if isinstance(node, kind)}:
            if not name.startswith("_"):
                places[name].append(str(path))
    return {name: found for name, found in places.items() if len(found) > 1}


def test_a_class_name_has_one_meaning() -> None:
    assert repeated(ast.ClassDef) == {}


def test_a_function_name_has_one_meaning() -> None:
    found = repeated(ast.FunctionDef)
    assert found.keys() == SAME_FUNCTION_NAME.keys(), found


def test_a_file_name_stands_for_one_thing() -> None:
    """A file of checks, commands or drawings has a twin only where it is about that very thing."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        if not path.name.startswith("__") and path.parent.name not in NAMED_AFTER_A_ROOM:
            places[path.stem].append(str(path))
    repeated = {name: found for name, found in places.items() if len(found) > 1}
    assert repeated.keys() == SAME_FILE_NAME.keys(), repeated


def readings_of_messages(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield function and line of each place that compares, splits or matches a message."""
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if any(_is_message(each) for each in _texts_read(node)):
                    yield function.name, node.lineno


def _texts_read(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions whose words ``node`` looks at."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            if not any(isinstance(each, ast.Is | ast.IsNot) for each in ops):
                yield from [left, *comparators]
        case ast.Call(func=ast.Attribute(value=text, attr=name), args=arguments):
            if name in TEXT_METHODS and not _is_layout(arguments):
                yield from [text, *arguments]
            if name in MATCHERS:
                yield from arguments
        case ast.Match(subject=text):
            yield text


def _is_layout(arguments: list[ast.expr]) -> bool:
    """Return whether a method looks for white space only, as to write a text on one line."""
    return all(
        isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value.isspace()
        for each in arguments
    )


def _is_message(node: ast.expr) -> bool:
    """Return whether an expression is a message, or words to compare one with."""
    match node:
        case ast.Constant(value=str(text)):
            return " " in text and re.search("[A-Za-z]{4,}", text) is not None
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return any(_is_message(each) for each in parts if isinstance(each, ast.Constant))
        case ast.Subscript(value=inner):
            return _is_message(inner)
        case ast.Attribute(attr=name):
            return name in MESSAGES
        case ast.Call(func=ast.Name(id="str" | "repr"), args=[ast.Name(id=name)]):
            return name in {"error", "exc", "exception", "failure", "fault", "refusal"}
        case ast.Call(func=ast.Attribute(value=inner, attr=name)):
            return name in TEXT_METHODS | {"lower", "casefold", "strip"} and _is_message(inner)
    return False


def test_no_message_is_data() -> None:
    found = {
        (str(path), function): line
        for path, module in modules().items()
        for function, line in readings_of_messages(module)
    }
    assert found.keys() == WORDS_OF_OTHERS.keys(), found


@pytest.mark.parametrize(
    "line",
    [
        "'Landlock' in probe.message",
        "'only root can read' in problem",
        "who.replace('The reference of level', '')",
        "error.message == TOO_SLOW",
        "error.message.startswith('may not')",
        "str(error).split(':')",
        "re.match('.*died', case.message)",
        "PATTERN.search(str(failure))",
        "found.why.lower().startswith('the reference')",
        "error.hint[:7] == 'harness'",
    ],
)
def test_a_new_place_would_be_noticed(line: str) -> None:
    module = ast.parse(f"def look():\n    if {line}:\n        pass\n")
    assert [name for name, _ in readings_of_messages(module)] == ["look"]


@pytest.mark.parametrize(
    "line",
    [
        "case.message",
        "f'{error.message} at once'",
        "error.code is Code.DIED",
        "str(path).split('/')",
    ],
)
def test_passing_words_on_is_no_reading(line: str) -> None:
    module = ast.parse(f"def look():\n    return {line}\n")
    assert list(readings_of_messages(module)) == []
