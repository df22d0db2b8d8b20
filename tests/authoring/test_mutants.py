"""Each operator, and what all mutants have in common."""

from __future__ import annotations

import ast
import functools
import textwrap
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.authoring.mistakes import Edit, Replacement
from harness.authoring.mutants import mutants
from harness.catalog.catalog import core_pack
from harness.model.problem import Snapshot

REFERENCES = {
    "/".join(path.parts[-4:-1]): path.read_text(encoding="utf-8")
    for path in sorted((core_pack() / "problems").glob("*/reference/*/*.py"))
}


@dataclass
class Mutant:
    """An edit of one file, and what it makes of it."""

    edit: Edit
    line: int
    source: str
    after: str


def mutants_of(source: str) -> list[Mutant]:
    reference = Snapshot(files={"solution.py": source.encode()})
    found = []
    for edit in mutants(reference, 1):
        made = edit.apply(reference).files["solution.py"].decode()
        line = edit.first_line(reference)
        # What stands in place of the lines from the first changed one on.
        rest = len(source.splitlines()) - line
        new = made.splitlines()
        same = 0
        while same < rest and new[-1 - same] == source.splitlines()[-1 - same]:
            same += 1
        after = "\n".join(new[line - 1 : len(new) - same]).strip()
        found.append(Mutant(edit, line, made, after))
    return found


@functools.cache
def of_reference(name: str) -> list[Mutant]:
    return mutants_of(REFERENCES[name])


def of_line(line: str) -> set[str]:
    """Return what becomes of a line in a function."""
    source = f"def f(a, b, c=None):\n    for d in a:\n        {line}\n"
    return {mutant.after for mutant in mutants_of(source) if mutant.line == 3}


COMPARISONS = [
    ("a < b", {"a <= b", "a >= b"}),
    ("a <= b", {"a < b", "a > b"}),
    ("a > b", {"a >= b", "a <= b"}),
    ("a >= b", {"a > b", "a < b"}),
    ("a == b", {"a != b"}),
    ("a != b", {"a == b"}),
    ("a in b", {"a not in b"}),
    ("a not in b", {"a in b"}),
    ("a is b", {"a is not b"}),
    ("a is not b", {"a is b"}),
    ("a < b < c", {"a <= b < c", "a >= b < c", "a < b <= c", "a < b >= c"}),
]


@pytest.mark.parametrize(("text", "others"), COMPARISONS)
def test_comparisons(text, others):
    assert of_line(f"d = {text}") == {f"d = {other}" for other in others}


@pytest.mark.parametrize(
    ("text", "other"),
    [
        *(("a + b", "a - b"), ("a - b", "a + b"), ("a * b", "a // b"), ("a // b", "a * b")),
        *(("a / b", "a * b"), ("a % b", "a // b"), ("a << b", "a >> b"), ("a >> b", "a << b")),
        *(("a & b", "a | b"), ("a | b", "a & b")),
        *(("a and b", "(a or b)"), ("a or b", "(a and b)"), ("not a", "(a)"), ("-a", "(a)")),
        *(("min(a, b)", "max(a, b)"), ("any(a)", "all(a)")),
        *(("a.startswith(b)", "a.endswith(b)"), ("a.popleft()", "a.pop()")),
        ("bisect.bisect_left(a, b)", "bisect.bisect_right(a, b)"),
    ],
)
def test_operators_and_functions(text, other):
    assert of_line(f"d = {text}") == {f"d = {other}"}


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("True", {"False"}),
        ("False", {"True"}),
        ("0", {"1"}),
        ("3", {"4", "2"}),
        ("1.5", {"2.5"}),
        ("'x'", {"'x~'"}),
        ("''", {"'~'"}),
        ("None", set()),
        ("b'x'", set()),
        ("f'{a} b'", set()),
        ("a + 'x'", {"a + 'x~'"}),
    ],
)
def test_constants(text, others):
    assert of_line(f"d = {text}") == {f"d = {other}" for other in others}


@pytest.mark.parametrize(
    ("line", "others"),
    [
        ("a.append(b)", {"pass"}),
        ("a[0] = b", {"pass", "a[1] = b"}),
        ("del a[b]", {"pass"}),
        ("a += b", {"pass", "a -= b"}),
        ("raise ValueError('words')", {"pass"}),
        ("return a", {"return None"}),
        ("return", set()),
        ("return None", set()),
        ("break", {"continue"}),
        ("continue", {"break"}),
        ("if a: b()", {"if True: b()", "if False: b()", "if a: pass"}),
        ("while True: b()", {"while False: b()", "while True: pass"}),
        ("while a: b()", {"while False: b()", "while a: pass"}),
        ("d = a if b else c", {"d = (a)", "d = (c)"}),
        ("'words that do nothing'", set()),
        ("zip(a, b, strict=True)", {"pass"}),
        ("d: int = 0", {"d: int = 1"}),
        ("import os", set()),
    ],
)
def test_statements(line, others):
    assert of_line(line) == others


def test_annotations_decorators_and_docstrings_are_left_alone():
    source = '@cache(1)\ndef f(a: "A" = b) -> Literal[1]:\n    """Words."""\n'
    assert mutants_of(source) == []


def test_equal_texts_come_once():
    # A return of a comparison and the comparison itself; two ways to the same text.
    texts = [mutant.source for mutant in mutants_of("def f(a):\n    return 1 if a else 1\n")]
    assert len(texts) == len(set(texts))
    assert texts.count("def f(a):\n    return (1)\n") == 1


def test_the_layout_stays():
    source = textwrap.dedent(
        '''\
        def f(a,
              b):  # why
            """Words."""

            x = {  # é and 日本
                "ä": (a
                      <   b),   'ö': 2,
            }
            return   x
        '''
    )
    lines = source.splitlines()
    found = mutants_of(source)
    assert {mutant.line for mutant in found} == {6, 7, 9}
    for mutant in found:
        after = mutant.source.splitlines()
        same = sum(line in after for line in lines)
        assert same >= len(lines) - 2, mutant.source
        assert mutant.source.startswith('def f(a,\n      b):  # why\n    """Words."""\n\n')


def test_the_diff_shows_one_place():
    (mutant,) = (m for m in mutants_of("def f(a):\n    b(a)\n    return 0\n") if m.line == 2)
    assert (mutant.edit.why, mutant.after) == ("statement left out", "pass")
    assert mutant.edit.replacements == (Replacement("solution.py", "b(a)", "pass"),)
    reference = Snapshot(files={"solution.py": b"def f(a):\n    b(a)\n    return 0\n"})
    assert mutant.edit.diff(reference).splitlines() == [
        "@@ -1,3 +1,3 @@",
        " def f(a):",
        "-    b(a)",
        "+    pass",
        "     return 0",
    ]


def test_a_source_that_is_no_python():
    with pytest.raises(SyntaxError):
        mutants_of("def f(:\n")


@settings(deadline=None)
@given(st.sampled_from(sorted(REFERENCES)), st.integers(min_value=0))
def test_mutants_of_the_references(name, number):
    source = REFERENCES[name]
    found = of_reference(name)
    mutant = found[number % len(found)]
    assert mutant.source != source
    ast.parse(mutant.source)
    before, after = source.splitlines(), mutant.source.splitlines()
    start = mutant.line - 1
    assert after[:start] == before[:start]
    # Behind the place all is as before; what was replaced may have had more lines.
    shorter = len(before) - len(after)
    assert shorter >= 0
    rest = before[start + shorter + 1 :]
    assert after[start + 1 :] == rest or after[len(after) - len(rest) + 1 :] == rest[1:]


@pytest.mark.parametrize("name", sorted(REFERENCES))
def test_there_are_enough_to_mean_something(name):
    texts = [mutant.source for mutant in of_reference(name)]
    assert len(texts) >= 5
    assert len(texts) == len(set(texts))
