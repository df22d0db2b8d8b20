"""The check ``statement``: what suites take for granted, and what statements give away."""

from __future__ import annotations

import ast

import pytest

from harness.authoring.checks.statement import (
    bounds_in,
    numbers_in,
    parameters_of,
    signatures_in,
)

HIDDEN_2 = "level2/test_hidden.py"
WHY = "not in statements 1 to 2."


def add_case(purse, body: str, name: str = HIDDEN_2) -> int:
    """Add a case to a suite; returns the line of its first statement."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return purse.add(name, f'def test_added():\n    """Something else holds"""\n{lines}') + 2


@pytest.mark.parametrize(
    ("body", "needs"),
    [
        ("assert solution.spend(1) == 1", "name 'spend'"),
        ("assert purse_with(9).take(1, exact=True) == 8", "argument 'exact'"),
        ("with pytest.raises(TypeError):\n    Purse().take(1)", "exception 'TypeError'"),
        (
            "with pytest.raises((PurseError, KeyError)):\n    Purse().take(1)",
            "exception 'KeyError'",
        ),
        (
            "with pytest.raises(PurseError, match='too poor'):\n    Purse().take(1)",
            "pattern of an error text 'too poor'",
        ),
        (
            "with pytest.raises(PurseError, match=re.escape('poor?')):\n    Purse().take(1)",
            "error text 'poor?'",
        ),
    ],
)
def test_what_no_statement_says(purse, body, needs):
    purse.edit(HIDDEN_2, "import pytest\n", "import re\n\nimport pytest\nimport solution\n")
    line = add_case(purse, body)
    assert purse.error("statement") == (
        HIDDEN_2,
        line,
        f"The hidden suite needs the {needs}: {WHY}",
    )


@pytest.mark.parametrize(
    "body",
    [
        "Purse().spend(1)",
        "assert Purse().spend == 0",
        "one, other = Purse(), 5\none.spend(other)",
        "def made():\n    return Purse()\nmade().spend(1)",
        "assert [purse.spend(n) for n in (1, 2) for purse in [Purse()]]",
    ],
)
def test_method_of_the_reference_that_no_statement_says(purse, body):
    # The manifest does not have it either.
    purse.edit("reference/level2/solution.py", "def take(", "spend = 5\n\n    def take(")
    purse.edit("reference/level2/solution.py", "spend = 5", "def spend(self, n=1):\n        pass")
    add_case(purse, body)
    path, line, message = purse.error("statement")
    assert (path, message) == (HIDDEN_2, f"The hidden suite needs the name 'spend': {WHY}")
    assert "spend" in (purse.root / HIDDEN_2).read_text(encoding="utf-8").splitlines()[line - 1]


def test_attribute_of_the_reference_that_no_statement_says(purse):
    add_case(purse, "assert Purse()._coins == 0")
    assert purse.error("statement")[2] == f"The hidden suite needs the name '_coins': {WHY}"


@pytest.mark.parametrize(
    "body",
    [
        "total = Purse().total()\ntotal.bit_length()",
        "purse = Purse()\npurse = [1]\npurse.sort()",
        "purses = [Purse()]\npurses.clear()",
        "for purse in ([1], [2]):\n    purse.sort()",
        "def made():\n    return [] if Purse().total() else [1]\nmade().sort()",
        "def made(purse):\n    return purse\nmade([1]).sort()",
        "purse = Purse()\nassert purse.__class__",
    ],
)
def test_what_is_no_instance_of_the_solution(purse, body):
    add_case(purse, body)
    assert purse.findings("statement") == []


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        ("assert caught.value.debt == 2", "attribute of an exception 'debt'"),
        ("assert str(caught.value) == 'poor'", "error text 'poor'"),
        ("assert 'poor' in str(caught.value)", "error text 'poor'"),
        ("assert caught.value.args == ('poor',)", "error text 'poor'"),
        ("assert caught.value.args[0] == 'poor'", "error text 'poor'"),
    ],
)
def test_what_no_statement_says_of_an_error(purse, line, needs):
    first = add_case(
        purse, f"with pytest.raises(PurseError) as caught:\n    Purse().take(1)\n{line}"
    )
    found = [f for f in purse.findings("statement") if f.severity == "error"]
    assert [(f.line, f.message) for f in found] == [
        (first + 2, f"The hidden suite needs the {needs}: {WHY}")
    ]


def test_text_of_an_error_that_is_caught(purse):
    body = "try:\n    Purse().take(1)\nexcept PurseError as error:\n    assert str(error) == 'poor'"
    line = add_case(purse, body)
    messages = [f.message for f in purse.findings("statement") if f.severity == "error"]
    assert messages == [f"The hidden suite needs the error text 'poor': {WHY}"]
    assert purse.findings("statement")[0].line == line + 3


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        ("with self.assertRaises(KeyError):", "exception 'KeyError'"),
        ("with self.assertRaisesRegex(PurseError, 'po+r'):", "pattern of an error text 'po+r'"),
        ("with self.assertRaisesRegex(PurseError, '^not') as caught:", ""),
        ("self.assertEqual(str(caught.exception), 'poor')", "error text 'poor'"),
        ("self.assertIn('poor', str(caught.exception))", "error text 'poor'"),
        ("self.assertEqual(caught.exception.debt, 1)", "attribute of an exception 'debt'"),
        ("self.assertEqual(caught.exception.missing, 1)", ""),
    ],
)
def test_what_no_statement_says_to_a_suite_of_unittest(purse, line, needs):
    raising = line if line.startswith("with") else "with self.assertRaises(PurseError) as caught:"
    body = f"{raising}\n    Purse().take(1)\n" + ("" if raising == line else line)
    add_case(purse, body)
    wanted = [f"The hidden suite needs the {needs}: {WHY}"] if needs else []
    assert [finding.message for finding in purse.findings("statement")] == wanted


def test_imported_name_that_no_statement_says(purse):
    purse.edit("level1/test_visible.py", "import Purse", "import Purse, empty_purse")
    assert purse.error("statement") == (
        "level1/test_visible.py",
        1,
        "The visible suite needs the name 'empty_purse': not in statement 1.",
    )


def test_name_of_a_later_level(purse):
    line = add_case(purse, "assert Purse().take(1) == 1", "level1/test_hidden.py")
    assert purse.error("statement") == (
        "level1/test_hidden.py",
        line,
        "The hidden suite needs the name 'take': a name of level 2, not in statement 1.",
    )


def test_what_a_suite_makes_up_itself_is_no_demand(purse):
    add_case(
        purse,
        "class OddError(Exception):\n"
        "    pass\n"
        "with pytest.raises(OddError):\n"
        "    raise OddError\n"
        "seen = ['x']\n"
        "seen.append('y')\n"
        "assert [seen.pop(), 'z'.join('x')] == ['y', 'x']\n"
        "assert {'take': 1}.get('take') == 1",
    )
    assert purse.findings("statement") == []


def test_symbol_that_no_statement_says(purse):
    purse.edit("problem.toml", '["take"]', '["take", "shake"]')
    assert purse.error("statement") == (
        "level2/statement.md",
        None,
        "The manifest adds shake at level 2; no statement up to there says it.",
    )


def test_number_beyond_the_bounds(purse):
    line = add_case(purse, "assert purse_with(3).take(10**6 + 1) == 2")
    assert purse.error("statement") == (
        HIDDEN_2,
        line,
        "The hidden suite passes 1,000,001; the statements up to level 2 bound numbers at 1,000.",
    )


def test_numbers_of_a_session_are_no_bounds(purse):
    purse.edit(
        "level2/statement.md", "purse.take(3)\n2", "purse.take(3)\n2\n>>> 3 - 1000000\n-999997"
    )
    add_case(purse, "assert purse_with(3).take(2000) == 2")
    assert "at 1,000." in purse.error("statement")[2]


BOUNDS = "`amount` is from 1 to 1,000."


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("Purse().take(-77)", "-77"),
        ("Purse().take(0)", "0"),
        ("Purse().take(amount=-1)", "-1"),
        ("solution.Purse().put(5 - 5)", "0"),
    ],
)
def test_argument_outside_of_what_is_said_of_it(purse, call, value):
    purse.edit("level1/statement.md", "All amounts are from 1 to 1,000.", BOUNDS)
    purse.edit(HIDDEN_2, "import pytest\n", "import pytest\nimport solution\n")
    line = add_case(purse, f"assert {call} == 8")
    name = "put" if "put" in call else "take"
    assert purse.warning("statement") == (
        HIDDEN_2,
        line,
        f"The hidden suite passes {value} to {name} as amount, which the statements say is from 1 "
        "to 1,000.",
    )


@pytest.mark.parametrize(
    "call",
    [
        "Purse().take(1000)",
        "Purse().take(*[-1])",
        "Purse().take(*[], -1)",
        "[3, -1][-1]",
        "Purse().total(-1)",
    ],
)
def test_argument_within_what_is_said_or_of_which_nothing_is_said(purse, call):
    purse.edit("level1/statement.md", "All amounts are from 1 to 1,000.", BOUNDS)
    add_case(purse, f"assert {call} == 8")
    assert purse.findings("statement") == []


def test_signatures_as_people_write_them():
    text = (
        "`Box(size: int = 1, name: str | None = None)`, `put(self, key: str, *, at: float)`,\n"
        "`see(prefix, call: Callable[[str], int])`, `put(1)`, `Box.empty() -> bool`"
    )
    assert {
        name: [ast.unparse(each) for each in parameters_of(signature)]
        for name, signature in signatures_in(text).items()
    } == {
        "Box": ["size: int", "name: str | None"],
        "put": ["key: str", "at: float"],
        "see": ["prefix", "call: Callable[[str], int]"],
        "empty": [],
    }


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("`steps` is from -1,000 to 1,000, `count` from 0 to 10.", "steps -1000 1000, count 0 10"),
        (
            "`now`, `delay` and `every` are integers from 0 to 10**9.",
            " ".join(["now 0 1000000000,", "delay 0 1000000000,", "every 0 1000000000"]),
        ),
        ("`at` is from 0 to 10¹²; `n` is from −5 to 2 million", "at 0 1000000000000, n -5 2000000"),
        ("`limit` is 1 to 1,000, `n` is 0 to 5.", "limit 1 1000, n 0 5"),
        ("- `0 <= limit <= 1000` and `1 <= ttl <= 10**9`.", "limit 0 1000, ttl 1 1000000000"),
        ("characters from `start` to `end`. `x` goes. From 1 to 2 it is.", ""),
    ],
)
def test_bounds_as_people_write_them(text, bounds):
    found = [
        f"{name} {low} {high}" for name, ranges in bounds_in(text).items() for low, high in ranges
    ]
    assert ", ".join(found) == bounds


@pytest.mark.parametrize("text", ["`take`", "`purse.take(1)`", "PurseError", "`take()`"])
def test_later_name_in_a_statement(purse, text):
    purse.edit("level1/statement.md", "All amounts", f"One day {text} comes.\n\nAll amounts")
    name = "PurseError" if "Error" in text else "take"
    assert purse.error("statement") == (
        "level1/statement.md",
        16,
        f"The statement of level 1 says {name}, a name of level 2.",
    )


def test_later_name_in_a_hint(purse):
    purse.edit("problem.toml", "One number is enough.", "One number does, also for `take`.")
    assert purse.error("statement") == (
        "problem.toml",
        16,
        "The hint of level 1 says take, a name of level 2.",
    )


def test_later_name_that_is_only_a_word(purse):
    purse.edit("level1/statement.md", "All amounts", "You may take your time.\n\nAll amounts")
    assert purse.findings("statement") == []


@pytest.mark.parametrize("hint", ["Think of taking, or a take.", "One `PurseErrors`."])
def test_later_name_as_a_word_of_a_hint(purse, hint):
    purse.edit("problem.toml", "One number is enough.", hint)
    name = "take" if "take" in hint else "PurseError"
    message = f"The hint of level 1 says {name}, a name of level 2."
    assert purse.warning("statement") == ("problem.toml", 16, message)


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        ("def helper_take():\n    pass", "helper_take", "take"),
        ("takes = [1]", "takes", "take"),
        ("class TakeAll:\n    pass", "TakeAll", "take"),
        ("x = 1  # nothing to take yet", "# nothing to take yet", "take"),
        ("purse_errors = []", "purse_errors", "PurseError"),
    ],
)
def test_later_name_within_a_visible_suite(purse, text, said, name):
    line = purse.add("level1/test_visible.py", f"{text}\n")
    assert purse.warning("statement") == (
        "level1/test_visible.py",
        line,
        f"The visible suite of level 1 says {said}: {name} is a name of level 2.",
    )


@pytest.mark.parametrize("text", ["taken = 1", "mistake = 2", "x = 'take'", "purses = []"])
def test_what_only_looks_like_a_later_name(purse, text):
    purse.add("level1/test_visible.py", f"{text}\n")
    assert purse.findings("statement") == []


def test_later_name_that_is_a_word_of_the_statements(purse):
    purse.edit("level1/statement.md", "All amounts", "Nobody takes any.\n\nAll amounts")
    purse.add("level1/test_visible.py", "no_take = 1\n")
    assert purse.findings("statement") == []


def test_later_name_that_python_has_taken(purse):
    purse.edit("problem.toml", '["take"]', '["take", "sorted", "__len__"]')
    purse.edit("level2/statement.md", "# Level 2", "# Level 2: `sorted`")
    purse.add("level1/test_visible.py", "x = sorted([len([])])\n")
    assert purse.findings("statement") == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1 to 1,000", [1, 1000]),
        ("10**9, 10 ** 9 and 10^9", [10**9] * 3),
        ("10¹²", [10**12]),
        ("1_000_000", [10**6]),
        ("5 million", [5_000_000]),
        ("1.5 s, v2, level2", [1]),
        ("from -1,000,000 on", [1_000_000]),
        ("", []),
    ],
)
def test_numbers_as_people_write_them(text, numbers):
    assert numbers_in(text) == numbers
