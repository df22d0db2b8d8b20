"""The check ``asserting``: cases that assert nothing, and assertions that cannot fail."""

from __future__ import annotations

import pytest

from harness.model.finding import Severity

HIDDEN_1 = "level1/test_hidden.py"


def found(purse, body, *, before="", title='"""Something holds"""'):
    line = purse.add(HIDDEN_1, f"{before}def test_more():\n    {title}\n{body}")
    line += before.count("\n")
    return [(f.line - line, f.severity, f.message) for f in purse.findings("asserting")]


def test_nothing_is_found_in_a_good_problem(purse):
    assert purse.findings("asserting") == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("    assert (Purse().total(), 0)\n", "a tuple that is not empty is true"),
        ("    assert Purse().total() == 5 or True\n", "it is a constant"),
        ("    assert True\n", "it is a constant"),
        ("    assert not False\n", "it is a constant"),
        ("    assert 'total'\n", "it is a constant"),
        ("    assert f'{Purse().total()} coins'\n", "what is written here is not empty"),
        ("    assert [Purse().total() == 5]\n", "what is written here is not empty"),
        ("    assert (n == 1 for n in [Purse().total()])\n", "it is never called"),
        ("    assert lambda: Purse().total() == 5\n", "it is never called"),
        ("    n = Purse().total()\n    assert n == n\n", "both sides are the same"),
        ("    assert len(str(Purse().total())) >= 0\n", "no length is less than 0"),
    ],
)
def test_assertion_that_always_holds(purse, body, message):
    ((_, severity, text),) = found(purse, body)
    assert severity is Severity.ERROR
    assert text.startswith("assert ")
    assert text.endswith(f" always holds: {message}.")


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        (
            "    purse = Purse()\n    assert purse.put(2), 2\n",
            3,
            "assert purse.put(2), 2 compares nothing: what follows the comma is only shown.",
        ),
        (
            "    purse = Purse()\n    purse.put(2) == 2\n    assert purse.total() == 2\n",
            3,
            "purse.put(2) == 2 is compared, but not asserted.",
        ),
        (
            "    try:\n        assert Purse().put(2) == 3\n    except Exception:\n        pass\n",
            4,
            "This except catches the failed assertion above it.",
        ),
        (
            "    import contextlib\n    with contextlib.suppress(AssertionError):\n"
            "        assert Purse().put(2) == 3\n",
            3,
            "This suppress takes the failed assertion in its block.",
        ),
    ],
)
def test_what_only_looks_like_an_assertion(purse, body, line, message):
    assert (line, Severity.ERROR, message) in found(purse, body)


@pytest.mark.parametrize(
    "loop",
    [
        "for n in range(0):",
        "for n in range(3, 3):",
        "for n in []:",
        "for n in sorted(set()):",
        "for n in {}.items():",
        "for n in str(purse.total())[5:]:",
        "while purse.total() > 2:",
        "if purse.total() == 7:",
    ],
)
def test_assertion_that_is_never_reached(purse, loop):
    body = f"    purse = Purse()\n    purse.put(2)\n    {loop}\n        assert purse.total() == 9\n"
    assert found(purse, body) == [
        (
            5,
            Severity.ERROR,
            "test_more never comes to this with the reference: assert purse.total() == 9",
        )
    ]


@pytest.mark.parametrize("things", ["[]", "str(purse.total())[5:]", "map(abs, [])"])
def test_all_of_nothing(purse, things):
    body = f"    purse = Purse()\n    assert all(each == 9 for each in {things})\n"
    messages = [message for _, _, message in found(purse, body)]
    assert messages == [
        "test_more asks all() about nothing with the reference: assert all((each == 9 for each in "
        f"{things}))"
    ]


def test_all_of_something(purse):
    assert found(purse, "    assert all(n == 0 for n in [Purse().total()])\n") == []


def test_line_behind_the_one_that_raises(purse):
    body = (
        "    with pytest.raises(AttributeError):\n        Purse().pay()\n        Purse().put(3)\n"
    )
    messages = [message for _, _, message in found(purse, body)]
    assert messages == [
        "2 statements stand within raises: any of them may raise.",
        "test_more never comes to this with the reference: Purse().put(3)",
    ]


def test_raises_that_takes_everything(purse):
    ((_, severity, text),) = found(
        purse, "    with pytest.raises(Exception):\n        Purse().pay()\n"
    )
    assert severity is Severity.WARNING
    assert text == "raises(Exception) takes every exception, a misspelt name, too."


@pytest.mark.parametrize(
    "body",
    [
        "    Purse().put(3)\n",
        "    purse = Purse()\n    purse.put(3)\n    print(purse.total())\n",
        "    for n in (1, 2):\n        Purse().put(n)\n",
    ],
)
def test_case_that_asserts_nothing(purse, body):
    assert found(purse, body) == [(0, Severity.WARNING, "test_more asserts nothing.")]


@pytest.mark.parametrize(
    ("before", "body"),
    [
        ("def is_so(n):\n    assert n == 3\n\n\n", "    is_so(Purse().put(3))\n"),
        ("def one(n):\n    two(n)\n\n\ndef two(n):\n    assert n == 3\n\n\n", "    one(3)\n"),
        ("", "    if Purse().put(3) != 3:\n        pytest.fail('no')\n"),
        ("", "    for n in (1, 2):\n        assert Purse().put(n) == n\n"),
        ("", "    assert Purse().put(3) == 3, 'three coins'\n"),
    ],
)
def test_what_asserts_in_another_way(purse, before, body):
    assert [text for _, _, text in found(purse, body, before=before) if "fail" not in text] == []


def test_a_case_that_the_reference_fails_is_left_to_another_check(purse):
    body = "    assert Purse().put(3) == 4\n    assert Purse().put(4) == 4\n"
    assert found(purse, body) == []


def test_a_method_that_asserts_for_cases_of_its_class(purse):
    purse.add(
        HIDDEN_1,
        "class TestMore:\n    def is_so(self, coins):\n        assert coins == 3\n\n"
        '    def test_more(self):\n        """More"""\n        self.is_so(Purse().put(3))\n\n'
        '    def test_silent(self):\n        """Silent"""\n        Purse().put(3)\n',
    )
    messages = [finding.message for finding in purse.findings("asserting")]
    assert messages == ["TestMore::test_silent asserts nothing."]
