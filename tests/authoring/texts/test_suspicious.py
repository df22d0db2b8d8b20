"""The checks ``suspicious`` and ``twins``: gifts, copies, and cases that share every fate."""

from __future__ import annotations

import pytest

HIDDEN_1, HIDDEN_2 = "level1/test_hidden.py", "level2/test_hidden.py"
COPY = '''def test_added():
    """Something else holds"""
    store = Purse()
    store.put(4)
    assert store.put(6) == 10
'''


@pytest.mark.parametrize(("name", "level"), [(HIDDEN_1, 1), (HIDDEN_2, 2)])
def test_hidden_case_that_copies_a_visible_one(purse, name, level):
    line = purse.add(name, COPY)
    assert purse.error("suspicious") == (
        name,
        line,
        "test_added does the same as the visible case test_second_put of level 1.",
    )


REWRITTEN = '''def test_added():
    """Something else holds"""
    store = Purse()
    for amount in [5, 8]:
        answer = store.put(amount)
    assert answer == 13
'''


@pytest.mark.parametrize(
    "case", [COPY.replace("put(4)", "put(5)").replace("== 10", "== 11"), REWRITTEN]
)
def test_hidden_case_that_makes_the_calls_of_a_visible_one(purse, case):
    line = purse.add(HIDDEN_1, case)
    assert purse.warning("suspicious") == (
        HIDDEN_1,
        line,
        "test_added makes the same calls as the visible case test_second_put of level 1, at most "
        "with other values.",
    )


@pytest.mark.parametrize(("amounts", "total"), [("[8, 5]", 13), ("[5, 5]", 10), ("[5, 8, 9]", 22)])
def test_calls_in_another_situation_are_no_copy(purse, amounts, total):
    purse.add(HIDDEN_1, REWRITTEN.replace("[5, 8]", amounts).replace("== 13", f"== {total}"))
    assert purse.findings("suspicious") == []


@pytest.mark.parametrize("default", ["[]", "{}", "dict()", "[n for n in ()]"])
def test_helper_with_a_default_that_can_change(purse, default):
    text = f"def made(amounts, *, seen={default}):\n    return seen\n"
    line = purse.add(HIDDEN_1, text)
    assert purse.warning("suspicious") == (
        HIDDEN_1,
        line,
        f"made has a default argument that can change: {default}.",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "import collections\n\n\ndef made(seen=collections.deque()):\n    return seen\n",
            "made has a default argument that can change: collections.deque().",
        ),
        (
            "SEEN = []\n\n\ndef made(seen=SEEN):\n    return seen\n",
            "made has a default argument that can change: SEEN.",
        ),
        ("made = lambda seen=[]: seen\n", "A lambda has a default argument that can change: []."),
    ],
)
def test_other_defaults_that_can_change(purse, text, message):
    purse.add(HIDDEN_1, text)
    assert purse.warning("suspicious")[2] == message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "def total(self)",
            "def total(self, seen=[])",
            "total has a default argument that can change: [].",
        ),
        (
            "class Purse:\n",
            "class Purse:\n    seen = []\n\n",
            "All objects share one seen of the class: seen = [].",
        ),
        (
            "class Purse:\n",
            "class Purse:\n    seen: dict[str, int] = {}\n\n",
            "All objects share one seen of the class: seen: dict[str, int] = {}.",
        ),
    ],
)
@pytest.mark.parametrize("folder", ["reference/level2", "alternates/counted"])
def test_solution_that_shares_what_can_change(purse, folder, old, new, message):
    name = f"{folder}/solution.py"
    purse.edit(name, old, new)
    assert purse.warning("suspicious")[::2] == (name, message)


def test_constants_of_a_class_are_no_state(purse):
    purse.edit(
        "reference/level2/solution.py", "class Purse:\n", "class Purse:\n    COINS = [1]\n\n"
    )
    assert purse.findings("suspicious") == []


def test_hidden_case_that_copies_a_hidden_one(purse):
    line = purse.add(
        HIDDEN_2,
        'def test_added():\n    """Nothing is left"""\n    assert purse_with(3).take(3) == 0\n',
    )
    assert purse.error("suspicious") == (
        HIDDEN_2,
        line,
        "test_added does the same as the hidden case test_all_can_be_taken of level 2.",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [("put(6) == 10", "put(6) == 6"), ("put(4)", "put(4)\n    store.total()"), ("==", "is")],
)
def test_case_that_differs_is_no_copy(purse, old, new):
    purse.add(HIDDEN_1, COPY.replace(old, new))
    assert purse.findings("suspicious") == []


def test_case_with_another_helper_is_no_copy(purse):
    case = 'def test_{0}():\n    """It is {0}"""\n    assert made().put(4) == 9\n'
    made = "def made():\n    purse = Purse()\n    purse.put({0})\n    return purse\n"
    purse.add(HIDDEN_1, made.format("5") + case.format("one"))
    purse.add("level1/test_visible.py", made.format("6 + 1") + case.format("other"))
    assert purse.findings("suspicious") == []
    purse.edit("level1/test_visible.py", "6 + 1", "5")
    assert "test_one does the same as the visible case test_other" in purse.error("suspicious")[2]


def keep(purse, level: int, case: str) -> None:
    """Keep a case for a reason."""
    rows = (purse.root / "mistakes.toml").read_text(encoding="utf-8")
    row = f'\n[[kept]]\nlevel = {level}\ncase = "{case}"\nwhy = "A promise."\n'
    purse.write("mistakes.toml", rows + row)


@pytest.mark.parametrize("suite", ["visible", "hidden"])
def test_case_that_the_skeleton_passes(purse, suite):
    name = f"level1/test_{suite}.py"
    line = purse.add(name, 'def test_gift():\n    """It is there"""\n    assert Purse()\n')
    assert purse.warning("suspicious") == (
        name,
        line,
        f"The skeleton passes the {suite} case level1::test_gift.",
    )


def test_gift_that_is_kept_for_a_reason(purse):
    purse.add(HIDDEN_1, 'def test_gift():\n    """It is there"""\n    assert Purse()\n')
    keep(purse, 1, "test_gift")
    assert purse.findings("suspicious") == []


@pytest.fixture
def two_of_a_kind(purse):
    """Two cases that every mutant of the reference fails alike."""
    purse.add(
        HIDDEN_2,
        'def test_one_of_two():\n    """One is left"""\n    purse = purse_with(3)\n'
        "    purse.take(3)\n    assert purse.total() == 0\n",
    )
    purse.add(
        HIDDEN_2,
        'def test_two_of_two():\n    """None is left"""\n    purse = purse_with(5)\n'
        "    purse.take(5)\n    assert purse.total() == 0\n",
    )
    return purse


@pytest.mark.parametrize("check", ["needed", "twins"])
def test_every_case_of_a_good_problem_has_its_reason(purse, check):
    assert purse.findings(check) == []


def test_cases_that_share_every_fate(two_of_a_kind):
    assert two_of_a_kind.warning("twins") == (
        HIDDEN_2,
        43,
        "These cases always fail together: test_one_of_two, test_two_of_two.",
    )
    keep(two_of_a_kind, 2, "test_two_of_two")
    assert two_of_a_kind.findings("twins") == []


def test_cases_that_a_known_mistake_tells_apart(two_of_a_kind):
    second = (two_of_a_kind.root / "reference/level2/solution.py").read_text(encoding="utf-8")
    wrong = second.replace("self._coins -= amount", "self._coins -= amount * (self._coins != 5)")
    two_of_a_kind.mistake("keeps_five", wrong)
    assert two_of_a_kind.findings("known-wrong") == []
    assert two_of_a_kind.findings("twins") == []


def test_case_that_is_kept_in_vain(purse):
    keep(purse, 2, "test_all_can_be_taken")
    path, _, message = purse.warning("twins")
    assert path == "mistakes.toml"
    assert message.startswith("test_all_can_be_taken of level 2 needs no [[kept]]: it fails")


def test_gift_that_is_kept_is_not_kept_in_vain(purse):
    # It fails a mistake, too, but without the row it would be doubted.
    purse.mistaken(
        "one_for_all",
        "    coins = 0",
        "    coins = 0\n\n    def __bool__(self):\n        return False\n",
    )
    purse.add(HIDDEN_1, 'def test_gift():\n    """It is there"""\n    assert Purse()\n')
    keep(purse, 1, "test_gift")
    assert purse.findings("known-wrong") == []
    assert purse.findings("twins") == []
