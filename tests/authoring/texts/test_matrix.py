"""Correct solutions that fail, wrong ones that pass, and what is said of them."""

from __future__ import annotations

import shutil

import pytest

HIDDEN_1, HIDDEN_2 = "level1/test_hidden.py", "level2/test_hidden.py"
SKELETON = "solutions_template/purse/solution.py"
TAKE = "    def take(self, amount):\n"
ALL_CAN_BE_TAKEN = "level2::test_all_can_be_taken"


# references


def test_reference_that_fails_a_visible_case(purse):
    purse.edit("level2/test_visible.py", "purse.total() == 5", "purse.total() == 6")
    assert purse.errors("references") == [
        (
            "level2/test_visible.py",
            5,
            2,
            "The reference of level 2 fails the visible case level2::test_some_are_taken: "
            "wrong_answer. expected 6, got 5",
        )
    ]


def test_later_reference_that_fails_an_earlier_case(purse):
    purse.edit("reference/level2/solution.py", "self._coins = 0", "self._coins = -1")
    message = (
        "The reference of level 2 fails the hidden case level1::test_new_purse_is_empty: "
        "wrong_answer. expected 0, got -1"
    )
    assert (HIDDEN_1, 5, 1, message) in purse.errors("references")


def test_reference_that_cannot_be_imported(purse):
    purse.write("reference/level1/solution.py", "# one\nraise OSError('no disk')\n")
    assert purse.errors("references") == [
        (
            "reference/level1/solution.py",
            None,
            1,
            "The reference of level 1 cannot be imported: importing the "
            "solution failed with OSError: no disk",
        )
    ]


def test_reference_without_a_name_of_its_level(purse):
    purse.edit("reference/level1/solution.py", "def total", "def sum")
    missing = "runtime_error. AttributeError: 'Purse' object has no attribute 'total'"
    case = "level1::test_new_purse_is_empty"
    message = f"The reference of level 1 fails the hidden case {case}: {missing}"
    assert (HIDDEN_1, 5, 1, message) in purse.errors("references")


# steps


def test_level_that_needs_no_change(purse):
    second = (purse.root / "reference/level2/solution.py").read_text(encoding="utf-8")
    purse.write("reference/level1/solution.py", second)
    assert purse.errors("steps") == [
        (HIDDEN_2, None, 2, "The reference of level 1 passes level 2 as it is.")
    ]


def test_reference_that_is_found_out_by_cases(purse):
    # A wrong answer, an exception that is no missing name, no answer at all: findings of a case.
    first = (purse.root / "reference/level1/solution.py").read_text(encoding="utf-8")
    body = "        while amount == 34:\n            pass\n        return {1: 39}[amount]\n"
    purse.write("reference/level1/solution.py", f"{first}\n{TAKE}{body}")
    assert purse.errors("steps") == []


@pytest.mark.parametrize(
    ("body", "how"),
    [
        (
            "__import__('os')._exit(3)",
            "runtime_error: the solution ended its own process (exit code 3)",
        ),
        ("return bytes(300 << 20)", "memory_limit: the solution ran out of memory"),
    ],
)
def test_reference_that_crashes_at_the_next_level(purse, body, how):
    first = (purse.root / "reference/level1/solution.py").read_text(encoding="utf-8")
    body = f"        if amount == 8:\n            {body}\n        return 0\n"
    purse.write("reference/level1/solution.py", f"{first}\n{TAKE}{body}")
    case = "level2::test_take_gives_what_is_left[8]"
    assert purse.errors("steps") == [
        (HIDDEN_2, 12, 2, f"The reference of level 1 fails {case} by {how}")
    ]


def test_case_that_is_skipped(purse):
    purse.edit(HIDDEN_2, "    assert purse_with(3).take(3) == 0", "    pytest.skip('later')")
    assert purse.errors("steps") == [
        (HIDDEN_2, 38, 2, f"The reference of level 1 fails {ALL_CAN_BE_TAKEN} by skipped: later")
    ]


# skeleton


def test_skeleton_that_passes_a_level(purse):
    first = (purse.root / "reference/level1/solution.py").read_text(encoding="utf-8")
    (purse.template / "solution.py").write_text(first, encoding="utf-8")
    assert purse.errors("skeleton") == [
        (SKELETON, None, 1, f"The skeleton passes the {suite} suite of level 1.")
        for suite in ("visible", "hidden")
    ]


def test_skeleton_that_cannot_be_imported(purse):
    (purse.template / "solution.py").write_text("class Purse:\n    def put(:\n", encoding="utf-8")
    message = (
        "The skeleton cannot be imported: importing the solution failed with "
        "SyntaxError: invalid syntax (solution.py, line 2)"
    )
    assert purse.errors("skeleton") == [(SKELETON, None, None, message)]


@pytest.mark.parametrize("file", ["solution.py", "README.md"])
def test_skeleton_that_shows_a_later_name(purse, file):
    path = purse.template / file
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{before}# One day there is a PurseError.\n", encoding="utf-8")
    assert purse.errors("skeleton") == [
        (
            f"solutions_template/purse/{file}",
            before.count("\n") + 1,
            2,
            "The skeleton contains PurseError, a name of level 2.",
        )
    ]


@pytest.mark.parametrize(
    ("line", "severity", "message"),
    [
        ("takes = []", "warning", "The skeleton contains takes: take is a name of level 2."),
        # Said as it is, it is told once.
        ("x = 1  # to take", "error", "The skeleton contains take, a name of level 2."),
    ],
)
def test_skeleton_that_whispers_a_later_name(purse, line, severity, message):
    path = purse.template / "solution.py"
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}{line}\n", encoding="utf-8")
    finding = purse.finding("skeleton")
    assert finding.line == before.count("\n") + 1
    assert (finding.severity, finding.message) == (severity, message)


# alternates


def test_alternate_that_fails(purse):
    purse.edit("alternates/counted/solution.py", "amount > self", "amount >= self")
    assert purse.errors("alternates") == [
        (
            HIDDEN_2,
            38,
            2,
            f"The alternate counted fails the hidden case {ALL_CAN_BE_TAKEN}: runtime_error. "
            "PurseError: not enough",
        )
    ]


def test_alternate_that_cannot_be_imported(purse):
    purse.write("alternates/counted/solution.py", "import no_such_module\n")
    assert purse.errors("alternates") == [
        (
            "alternates/counted/solution.py",
            None,
            None,
            "The alternate counted cannot be imported: importing the "
            "solution failed with ModuleNotFoundError: No module named 'no_such_module'"
            " (a box has the standard library and the solution's own files)",
        )
    ]


@pytest.mark.parametrize(
    ("gone", "left"),
    [("alternates/counted", "There is 1 alternate"), ("alternates", "There are 0 alternates")],
)
def test_too_few_alternates(purse, gone, left):
    shutil.rmtree(purse.root / gone)
    assert purse.errors("alternates") == [
        ("alternates", None, None, f"{left}; at least 2 are required.")
    ]
