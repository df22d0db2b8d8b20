"""The check ``kinds``: values of another kind than the signatures state, seen as they pass."""

from __future__ import annotations

import pytest

from harness.authoring.checks.watching import stated_kinds

HIDDEN_1 = "level1/test_hidden.py"


def case(body):
    return f'def test_more():\n    """More"""\n    purse = Purse()\n{body}'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    assert purse.put(2.5) == 2.5\n", "passes 2.5 to put as amount"),
        ("    assert purse.put(amount=2.5) == 2.5\n", "passes 2.5 to put as amount"),
        ("    n = 5 / 2\n    assert purse.put(n) == 2.5\n", "passes 2.5 to put as amount"),
        (
            "    for n in [1, 2.0]:\n        purse.put(n)\n    assert purse.total() == 3\n",
            "passes 2.0 to put as amount",
        ),
        ("    assert purse.put(True) == 1\n", "passes True to put as amount"),
    ],
)
def test_argument_of_another_kind(purse, body, said):
    line = purse.add(HIDDEN_1, case(body))
    for path, found_line, message in _found(purse):
        assert (path, found_line) == (HIDDEN_1, line)
        assert "which is of another kind than the statements say." in message
    assert f"test_more {said}, which" in _found(purse)[0][2]


def test_what_raises_may_be_of_any_kind(purse):
    purse.add(HIDDEN_1, case("    with pytest.raises(TypeError):\n        purse.put('2')\n"))
    assert _found(purse) == []


def _found(purse):
    return [
        (finding.path.relative_to(purse.root).as_posix(), finding.line, finding.message)
        for finding in purse.findings("kinds")
    ]


def test_answer_of_another_kind(purse):
    purse.edit("reference/level1/solution.py", "+= amount", "+= amount + 0.0")
    messages = [message for _, _, message in _found(purse)]
    text = "The reference answers 4.0 to put in test_first_put, which is of another kind "
    assert f"{text}than the statements say." in messages


def test_nothing_is_found_in_a_good_problem(purse):
    assert purse.findings("kinds") == []


def test_what_signatures_say():
    text = "`Purse(coins: int)`, `put(self, n: int | None, *, by: list[str]) -> dict[str, int]`"
    assert stated_kinds(text) == {
        "Purse": ({"coins": ["int"]}, None),
        "put": (
            {"n": ["int", "None"], "by": [["list", ["str"]]]},
            [["dict", ["str"], ["int"]]],
        ),
    }


@pytest.mark.parametrize(
    ("answer", "returned", "is_right"),
    [
        ("list[int]", "[1, 2]", True),
        ("list[int]", "[1, 2.0]", False),
        ("list[tuple[str, int]]", "[('a', 1)]", True),
        ("list[tuple[str, int]]", "[('a', 1.5)]", False),
        ("dict[str, int]", "{'a': 1.5}", False),
        ("tuple[int, ...]", "(1, 2, 3)", True),
        ("float", "3", True),
        ("int | None", "None", True),
        ("Coins", "2.5", True),
    ],
)
def test_kinds_of_what_is_held(purse, answer, returned, is_right):
    purse.edit("level1/statement.md", "`total() -> int`", f"`total() -> {answer}`")
    purse.edit(
        "reference/level1/solution.py",
        "    def total(self):\n        return self._coins",
        f"    def total(self):\n        return {returned}",
    )
    said = [path for path, _, message in _found(purse) if " to total in " in message]
    assert ("level1/test_hidden.py" in said) is not is_right
