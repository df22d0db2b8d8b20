"""Which line of the candidate's an exception comes from, and which part of it is meant."""

from __future__ import annotations

import pytest

from harness.guest.sources import MAX_PIECE, Sources


def place(text: str, **others: str) -> tuple[str, list[str]]:
    """Return what is said of the exception that ``text``, as solution.py, raises."""
    files = {"solution.py": text, **{f"{name}.py": other for name, other in others.items()}}
    names: dict[str, object] = {}
    names["load"] = lambda name: exec(compile(files[name], name, "exec"), names)
    try:
        exec(compile(text, "solution.py", "exec", dont_inherit=True), names)
    except BaseException as error:
        return Sources(files).place(error)
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    ("text", "where", "pieces"),
    [
        ("x = 1\ny = x / 0 + 1\n", "2 in <module>", ["y = ", "x / 0", " + 1"]),
        ("def f(a):\n    return a['k']\nf({})\n", "2 in f", ["return ", "a['k']", ""]),
        ("def f(a):\n\t\treturn a.b  # odd\nf(1)\n", "2 in f", ["return ", "a.b", "  # odd"]),
        ("x = {'é': 'ü'}['añb'] + 'ß'\n", "1 in <module>", ["x = ", "{'é': 'ü'}['añb']", " + 'ß'"]),
        ("x = [\n  1,\n  int(\n'a')]\n", "3 in <module>", ["", "int(", ""]),
        ("raise ValueError('no')\n", "1 in <module>", ["", "raise ValueError('no')", ""]),
        ("x = 1\r\ny = nothing\r\n", "2 in <module>", ["y = ", "nothing", ""]),
        ("x = '\x0c\u2028'\ny = nothing\n", "2 in <module>", ["y = ", "nothing", ""]),
        ("import json\njson.loads('{')\n", "2 in <module>", ["", "json.loads('{')", ""]),
        ("def f(:\n", "1", ["def f(", ":", ""]),
        ("if True:\n    x = (1,\n", "2", ["x = ", "(1,", ""]),
        ("if True:\nx = 1\n", "2", ["", "x", " = 1"]),
        ("def f():\n    return\n  x = 1\n", "3", ["x = 1", "", ""]),
    ],
)
def test_a_line_and_what_is_meant(text, where, pieces):
    assert place(text) == (f"solution.py:{where}", pieces)


def test_a_syntax_error_of_a_helper_is_shown_there():
    assert place("x = 1\nload('help.py')\n", help="y = 1\nz = )\n") == (
        "help.py:2",
        ["z = ", ")", ""],
    )


def test_an_error_of_a_syntax_elsewhere_is_the_line_that_asked():
    where, pieces = place("import ast\nast.parse('(')\n")
    assert (where, "".join(pieces)) == ("solution.py:2 in <module>", "ast.parse('(')")


@pytest.mark.parametrize(
    "attributes",
    [
        "('m', ('solution.py', 99, 1, 'x'))",
        "('m', ('solution.py', -3, -9, 'x', -1, -1))",
        "('m', ('solution.py', 1, 99, 'x', 1, 50))",
        "('m', ('solution.py', 1, 3, None, 0, 0))",
        "('m', ('solution.py', None, None, None))",
    ],
)
def test_a_place_that_the_candidate_makes_up(attributes):
    where, pieces = place(f"raise SyntaxError(*{attributes})\n")
    assert where.startswith("solution.py:")
    assert len(pieces) in (0, 3)


def test_long_lines_are_cut():
    text = f"{'a' * 500} = {'1+' * 500}x + {'2+' * 500}0\n"
    _, pieces = place(text)
    assert all(0 < len(piece) <= MAX_PIECE for piece in pieces)
    assert pieces[0].startswith("…")
    assert pieces[0].endswith("+")
    assert pieces[1] == "x"
    assert pieces[2].endswith("…")


def test_what_comes_from_no_line_of_the_candidates():
    assert Sources({"solution.py": "x"}).place(ValueError()) == ("", [])
