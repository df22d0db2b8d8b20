"""The checks of the matrix: who must pass and does not, who must fail and does not, and why."""

from __future__ import annotations

import shutil

import pytest

from harness.errors import PackError

HIDDEN_1, HIDDEN_2 = "level1/test_hidden.py", "level2/test_hidden.py"
SKELETON = "solutions_template/purse/solution.py"
TAKE = "    def take(self, amount):\n"
ALL_CAN_BE_TAKEN = "level2::test_all_can_be_taken"


def told(purse, check: str) -> list[tuple[str, int | None, int | None, str]]:
    """Run a check that finds errors alone: file (below the problem or its pack), line, level."""
    pack = purse.root.parents[1]
    found = []
    for finding in purse.findings(check):
        assert finding.severity == "error"
        assert finding.why
        assert finding.fix
        below = purse.root if finding.path.is_relative_to(purse.root) else pack
        path = finding.path.relative_to(below).as_posix()
        found.append((path, finding.line, finding.level, finding.message))
    return found


# references


def test_reference_that_fails_a_visible_case(purse):
    purse.edit("level2/test_visible.py", "purse.total() == 5", "purse.total() == 6")
    assert told(purse, "references") == [
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
    assert (HIDDEN_1, 5, 1, message) in told(purse, "references")


def test_reference_that_cannot_be_imported(purse):
    purse.write("reference/level1/solution.py", "# one\nraise OSError('no disk')\n")
    assert told(purse, "references") == [
        (
            "reference/level1/solution.py",
            2,
            1,
            "The reference of level 1 cannot be imported: importing the solution failed with "
            "OSError: no disk",
        )
    ]


def test_reference_without_a_name_of_its_level(purse):
    purse.edit("reference/level1/solution.py", "def total", "def sum")
    assert told(purse, "references") == [
        (
            "reference/level1/solution.py",
            None,
            1,
            "The reference of level 1 has no Purse.total (a name of level 1).",
        )
    ]


# steps


def test_level_that_needs_no_change(purse):
    second = (purse.root / "reference/level2/solution.py").read_text(encoding="utf-8")
    purse.write("reference/level1/solution.py", second)
    assert told(purse, "steps") == [
        (HIDDEN_2, None, 2, "The reference of level 1 passes level 2 as it is.")
    ]


def test_reference_that_is_found_out_by_cases(purse):
    # A wrong answer, an exception that is no missing name, no answer at all: findings of a case.
    first = (purse.root / "reference/level1/solution.py").read_text(encoding="utf-8")
    body = "        while amount == 34:\n            pass\n        return {1: 39}[amount]\n"
    purse.write("reference/level1/solution.py", f"{first}\n{TAKE}{body}")
    assert told(purse, "steps") == []


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
    assert told(purse, "steps") == [
        (HIDDEN_2, 12, 2, f"The reference of level 1 fails {case} by {how}")
    ]


def test_case_that_is_skipped(purse):
    purse.edit(HIDDEN_2, "    assert purse_with(3).take(3) == 0", "    pytest.skip('later')")
    assert told(purse, "steps") == [
        (HIDDEN_2, 38, 2, f"The reference of level 1 fails {ALL_CAN_BE_TAKEN} by skipped: later")
    ]


# skeleton


def test_skeleton_that_passes_a_level(purse):
    first = (purse.root / "reference/level1/solution.py").read_text(encoding="utf-8")
    (purse.template / "solution.py").write_text(first, encoding="utf-8")
    assert told(purse, "skeleton") == [
        (SKELETON, None, 1, f"The skeleton passes the {suite} suite of level 1.")
        for suite in ("visible", "hidden")
    ]


def test_skeleton_that_cannot_be_imported(purse):
    (purse.template / "solution.py").write_text("class Purse:\n    def put(:\n", encoding="utf-8")
    message = (
        "The skeleton cannot be imported: importing the solution failed with "
        "SyntaxError: invalid syntax (solution.py, line 2)"
    )
    assert told(purse, "skeleton") == [(SKELETON, 2, None, message)]


@pytest.mark.parametrize("file", ["solution.py", "README.md"])
def test_skeleton_that_shows_a_later_name(purse, file):
    path = purse.template / file
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{before}# One day there is a PurseError.\n", encoding="utf-8")
    assert told(purse, "skeleton") == [
        (
            f"solutions_template/purse/{file}",
            before.count("\n") + 1,
            2,
            "The skeleton says PurseError, a name of level 2.",
        )
    ]


@pytest.mark.parametrize(
    ("line", "severity", "message"),
    [
        ("takes = []", "warning", "The skeleton says takes: take is a name of level 2."),
        # Said as it is, it is told once.
        ("x = 1  # to take", "error", "The skeleton says take, a name of level 2."),
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
    assert told(purse, "alternates") == [
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
    assert told(purse, "alternates") == [
        (
            "alternates/counted/solution.py",
            1,
            None,
            "The alternate counted cannot be imported: importing the solution failed with "
            "ModuleNotFoundError: No module named 'no_such_module'",
        )
    ]


@pytest.mark.parametrize(("gone", "left"), [("alternates/counted", 1), ("alternates", 0)])
def test_too_few_alternates(purse, gone, left):
    shutil.rmtree(purse.root / gone)
    assert told(purse, "alternates") == [
        ("alternates", None, None, f"There are {left} alternates; 2 are the least.")
    ]


# known-wrong


def test_known_wrong_that_passes_its_level(purse):
    second = (purse.root / "reference/level2/solution.py").read_text(encoding="utf-8")
    purse.write("wrong/keeps_one/solution.py", second)
    assert told(purse, "known-wrong") == [
        ("wrong/keeps_one", None, 2, "The known-wrong keeps_one passes level 2.")
    ]


@pytest.mark.parametrize(
    ("amount", "case"), [(999, "test_put_gives_the_sum[999]"), (6, "test_second_put")]
)
def test_known_wrong_that_fails_below_its_level(purse, amount, case):
    purse.edit(
        "wrong/keeps_one/solution.py",
        "        self._coins += amount\n",
        f"        self._coins += amount if amount != {amount} else 0\n",
    )
    message = f"The known-wrong keeps_one fails level1::{case} already, below its level."
    assert told(purse, "known-wrong") == [("wrong/keeps_one", None, 2, message)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"test_put_gives_the_sum", ',
            "",
            "also fails test_put_gives_the_sum, which wrong.toml lacks.",
        ),
        (
            '"test_put_gives_the_sum", ',
            '"test_put_gives_the_sum", "test_new_purse_is_empty", ',
            "passes test_new_purse_is_empty, which wrong.toml says it fails.",
        ),
        (
            '"test_put_gives_the_sum", ',
            '"test_put_gives_the_sum", "test_purse_is_empty", ',
            "is to fail test_purse_is_empty, but level 1 has no such hidden case; did you mean "
            "test_new_purse_is_empty?",
        ),
        (
            '"test_put_gives_the_sum", ',
            '"test_put_gives_the_sun", ',
            "is to fail test_put_gives_the_sun, but level 1 has no such hidden case; did you mean "
            "test_put_gives_the_sum?",
        ),
        (
            '"test_put_gives_the_sum", ',
            '"test_put_gives_the_sum[1]", ',
            "is to fail test_put_gives_the_sum[1], but level 1 has no such hidden case: a case "
            "with parameters is listed by its function, test_put_gives_the_sum.",
        ),
        (
            '"test_put_gives_the_sum", ',
            '"nothing_of_this_kind", ',
            "also fails test_put_gives_the_sum, which wrong.toml lacks; it is to fail "
            "nothing_of_this_kind, but level 1 has no such hidden case.",
        ),
    ],
)
def test_known_wrong_that_fails_other_cases_than_listed(purse, old, new, message):
    purse.edit("wrong/wrong.toml", old, new)
    assert told(purse, "known-wrong") == [
        ("wrong/wrong.toml", 2, 1, f"The known-wrong keeps_the_last {message}")
    ]


def test_list_that_is_all_wrong_is_told_in_one_go(purse):
    purse.edit(
        "wrong/wrong.toml",
        '["test_put_gives_the_sum", "test_total_counts_all_puts"]',
        '["test_purses_are_apart", "test_new_purse_is_empty"]',
    )
    finding = purse.finding("known-wrong")
    assert finding.message == (
        "The known-wrong keeps_the_last also fails test_put_gives_the_sum and "
        "test_total_counts_all_puts, which wrong.toml lacks; it passes test_new_purse_is_empty and "
        "test_purses_are_apart, which wrong.toml says it fails."
    )
    # As it can be pasted, in the order of the suite.
    assert 'write cases = ["test_put_gives_the_sum", "test_total_counts_all_puts"];' in finding.fix


def test_known_wrong_that_fails_much_below_its_level(purse):
    purse.edit("wrong/keeps_one/solution.py", "self._coins += amount", "self._coins = amount")
    (finding,) = [f for f in purse.findings("known-wrong") if "already" in f.message]
    assert finding.message.startswith("The known-wrong keeps_one fails level1::")
    assert finding.message.endswith(" more already, below its level.")


def test_known_wrong_that_is_not_listed(purse):
    purse.write("wrong/extra/solution.py", "class Purse:\n    pass\n")
    assert told(purse, "known-wrong") == [
        ("wrong/extra", None, None, "The known-wrong extra is not listed in wrong.toml.")
    ]


def test_known_wrong_without_a_solution(purse):
    shutil.rmtree(purse.root / "wrong/keeps_one")
    assert told(purse, "known-wrong") == [
        ("wrong/wrong.toml", 20, None, "The known-wrong keeps_one has no solution.")
    ]
    fix = "write wrong/keeps_one/solution.py, or take it out of wrong.toml"
    assert purse.finding("known-wrong").fix == fix


def test_too_few_known_wrong_ones(purse):
    shutil.rmtree(purse.root / "wrong")
    assert told(purse, "known-wrong") == [
        ("wrong", None, level, f"Level {level} has 0 known-wrong solutions; 2 are the least.")
        for level in (1, 2)
    ]


def test_known_wrong_that_cannot_be_imported(purse):
    # Else it would "fail" whatever is listed.
    purse.write("wrong/keeps_one/solution.py", "\nraise OSError('no disk')\n")
    assert told(purse, "known-wrong") == [
        (
            "wrong/keeps_one/solution.py",
            2,
            2,
            "The known-wrong keeps_one cannot be imported: importing the solution failed with "
            "OSError: no disk",
        )
    ]


def test_listed_case_that_is_broken(purse):
    purse.edit(HIDDEN_2, "assert purse_with(3).take(3) == 0", "assert purse_without() == 0")
    why = (
        "judge_error: the suite itself is at fault: NameError: name 'purse_without' is not defined"
    )
    assert told(purse, "known-wrong") == [
        (HIDDEN_2, 38, 2, f"{ALL_CAN_BE_TAKEN}, tried by the known-wrong {name}, ends with {why}")
        for name in ("takes_first", "keeps_one")
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "keeps_one"\nlevel = 2', 'name = "keeps_one"\nlevel = 3', "there are 1 to 2"),
        ('name = "keeps_one"\nlevel = 2', 'name = "keeps_one"\nlevel = 0', "there are 1 to 2"),
        ('name = "keeps_one"', 'name = "takes_first"', "there are 2 rows of the name takes_first"),
        ('why = "The last', 'reason = "The last', "has no field 'reason'"),
        ('why = "The last coin stays."\n', "", "'why'"),
        ('["test_all_can_be_taken"]', '"test_all_can_be_taken"', "cannot be 'test_all_can_"),
        ('name = "keeps_one"\nlevel = 2', 'name = "keeps_one"\nlevel = "2"', "cannot be '2'"),
        ('name = "keeps_one"', "name = ", "Invalid value"),
    ],
)
def test_list_that_is_not_as_it_should_be(purse, old, new, message):
    purse.edit("wrong/wrong.toml", old, new)
    with pytest.raises(PackError) as caught:
        purse.findings("known-wrong")
    assert caught.value.message.startswith(f"{purse.root}/wrong/wrong.toml is not as it should be")
    assert message in caught.value.message
