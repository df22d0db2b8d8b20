"""Known mistakes: rows of mistakes.toml that cannot be used, and mistakes that are not caught."""

from __future__ import annotations

import pytest

from harness.authoring.files import LevelProof, Proof, write_proof

HIDDEN_2 = "level2/test_hidden.py"
FILE = "mistakes.toml"
KEEPS_ONE = """
[[mistake]]
name = "keeps_one"
level = 2
why = "The last coin stays."
find = "if amount > self._coins:"
replace = "if amount >= self._coins:"
"""


def line_of(purse, name: str) -> int:
    lines = (purse.root / FILE).read_text(encoding="utf-8").splitlines()
    return lines.index(f'name = "{name}"')


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("level = 2", "level = 3", "[[mistake]] keeps_one has level 3; the levels are 1 to 2."),
        ("level = 2", "level = 0", "[[mistake]] keeps_one has level 0; the levels are 1 to 2."),
        ("level = 2", "level = '2'", "[[mistake]] keeps_one: level is not a whole number."),
        ("level = 2", "", "[[mistake]] keeps_one has no level."),
        ("why =", "wy =", "[[mistake]] keeps_one has an unknown key 'wy'; did you mean 'why'?"),
        ('why = "The last coin stays."', "", "[[mistake]] keeps_one has no why."),
        ("find =", "found =", "[[mistake]] keeps_one has an unknown key 'found'; did you mean"),
        ('replace = "if amount >= self._coins:"', "", "[[mistake]] keeps_one needs either find"),
        ('"keeps_one"', '"keeps one"', "'keeps one' cannot name a mistake:"),
        ("[[mistake]]", "[[mistakes]]", "[[mistakes]] is unknown; did you mean 'mistake'?"),
        ("level = 2", "level = ", "The file is not TOML: Invalid value"),
        (
            "if amount > self._coins:",
            "if amount > coins:",
            "keeps_one finds 'if amount > coins:' "
            "nowhere in the reference of level 2; line 19 is the nearest: 'if amount > self",
        ),
        (
            "if amount > self._coins:",
            "self._coins",
            "keeps_one finds 'self._coins' 8 times in the reference of level 2; make it longer.",
        ),
        ("if amount > self._coins:", "", "keeps_one has an edit that finds nothing:"),
        ("if amount >= self._coins:", "if amount >=:", "keeps_one does not compile in line 19:"),
        ("amount >= self", "amount > self", "keeps_one changes nothing."),
        (
            "level = 2",
            'level = 2\nfile = "other.py"',
            "keeps_one edits other.py, which the reference of level 2 lacks.",
        ),
        (
            "level = 2",
            'level = 2\ncase = "test_all_can_be_takn"',
            "The mistake keeps_one names test_all_can_be_takn, but level 2 has no such case; did "
            "you mean test_all_can_be_taken?",
        ),
        (
            "level = 2",
            'level = 2\ncase = "test_empty_purse"',
            "The mistake keeps_one names test_empty_purse, but level 2 has no such case",
        ),
        (KEEPS_ONE, KEEPS_ONE * 2, "There are several mistakes named keeps_one."),
    ],
)
def test_row_that_cannot_be_used(purse, old, new, message):
    purse.write(FILE, KEEPS_ONE.replace(old, new))
    assert any(message in text for _, _, _, text in purse.errors("mistakes"))
    _, line, _, _ = purse.errors("mistakes")[0]
    assert line in (2, 9, None)


def test_edits_that_overlap(purse):
    edits = """
[[mistake.edits]]
find = "amount > self"
replace = "amount >= self"
[[mistake.edits]]
find = "> self._coins:"
replace = "< self._coins:"
"""
    head = KEEPS_ONE.partition("find =")[0]
    purse.write(FILE, head + edits)
    assert purse.errors("mistakes") == [
        (FILE, 2, 2, "keeps_one has edits that overlap in line 19 of the reference.")
    ]


@pytest.mark.parametrize(
    ("level", "case", "found"),
    [
        (2, "test_all_can_be_takn", "; did you mean test_all_can_be_taken?"),
        (2, "test_empty_purse[1]", "; did you mean test_empty_purse?"),
        (1, "test_empty_purse", "; did you mean test_new_purse_is_empty?"),
    ],
)
def test_kept_case_that_is_not_there(purse, level, case, found):
    row = f'[[kept]]\nlevel = {level}\ncase = "{case}"\nwhy = "Asked."\n'
    purse.write(FILE, row)
    message = f"[[kept]] names {case}, but level {level} has no such case{found}"
    assert purse.errors("mistakes") == [(FILE, 1, level, message)]


def test_kept_cases_that_are_there(purse):
    row = '[[kept]]\nlevel = 2\ncase = "{0}"\nwhy = "Asked."\n'
    names = ("test_empty_purse", "test_all_can_be_taken")
    purse.write(FILE, "".join(map(row.format, names)))
    assert purse.findings("mistakes") == []


def test_mistake_that_passes_its_level(purse):
    purse.mistaken("keeps_one", "amount >= self", "amount > 0 + self")
    assert purse.errors("known-wrong") == [
        (FILE, line_of(purse, "keeps_one"), 2, "The mistake keeps_one passes level 2.")
    ]


@pytest.mark.parametrize(
    ("amount", "case"), [(999, "test_put_gives_the_sum[999]"), (6, "test_second_put")]
)
def test_mistake_that_fails_below_its_level(purse, amount, case):
    purse.mistaken(
        "keeps_one",
        "        self._coins += amount\n",
        f"        self._coins += amount if amount != {amount} else 0\n",
    )
    assert purse.errors("known-wrong") == []
    message = f"The mistake keeps_one fails level1::{case}, below its level."
    line = line_of(purse, "keeps_one")
    assert purse.errors("lower-levels") == [(FILE, line, 2, message)]


def test_mistake_that_passes_the_case_it_names(purse):
    case = 'level = 2\ncase = "test_too_many_are_refused"'
    purse.write(FILE, KEEPS_ONE.replace("level = 2", case))
    message = "The mistake keeps_one passes test_too_many_are_refused, the case it names."
    assert (FILE, 2, 2, message) in purse.errors("known-wrong")


def test_too_few_mistakes(purse):
    purse.write(FILE, KEEPS_ONE)
    assert purse.errors("known-wrong") == [
        (FILE, None, 1, "Level 1 has 0 mistakes; at least 2 are required."),
        (FILE, None, 2, "Level 2 has 1 mistake; at least 2 are required."),
    ]


def test_mistake_that_cannot_be_imported(purse):
    purse.mistake("keeps_one", "\nraise OSError('no disk')\n")
    assert purse.errors("known-wrong") == [
        (
            FILE,
            None,
            2,
            "The mistake keeps_one cannot be imported: importing the solution "
            "failed with OSError: no disk",
        )
    ]


def test_case_that_is_broken(purse):
    purse.edit(HIDDEN_2, "assert purse_with(3).take(3) == 0", "assert purse_without() == 0")
    why = (
        "judge_error: the suite itself is at fault: NameError: name 'purse_without' is not defined"
    )
    case = "level2::test_all_can_be_taken"
    assert purse.errors("known-wrong") == [
        (HIDDEN_2, 38, 2, f"{case}, run with the mistake {name}, ends with {why}")
        for name in ("takes_first", "keeps_one")
    ]


def test_mistake_that_fails_other_cases_than_were_proven(purse):
    level = LevelProof(
        level=1, cases=1, mutants=1, killed=1, equivalent=0, slowest_ms=1, statement_words=1,
        reference_lines=1,
    )  # fmt: skip
    matrix = {
        "keeps_one": ("test_all_can_be_taken", "test_too_many_are_refused"),
        "one_for_all": ("test_purses_are_apart",),
    }
    proof = Proof(
        slug="purse", version="1.0.0", hash="0", tool="0.1.0", levels=(level,), mistakes=matrix
    )
    write_proof(purse.root, proof)
    path, _, message = purse.warning("known-wrong")
    assert path == FILE
    assert message == "The mistake keeps_one no longer fails test_too_many_are_refused."
    command, _, remark = purse.finding("known-wrong").fix.partition("  # ")
    assert command == f"harness author prove {purse.root}"
    assert remark == "if that is intended"


NAIVE = '\n[naive]\nbreaks_at = {0}\nwhy = "It keeps no list."\n'


def add_naive(purse, breaks_at: int, solution: str) -> None:
    rows = (purse.root / FILE).read_text(encoding="utf-8")
    purse.write(FILE, rows + NAIVE.format(breaks_at))
    purse.write("naive/solution.py", (purse.root / solution).read_text(encoding="utf-8"))


def test_naive_design(purse):
    assert purse.findings("naive") == []
    add_naive(purse, 2, "reference/level1/solution.py")
    assert purse.findings("naive") == []


@pytest.mark.parametrize(
    ("breaks_at", "solution", "message"),
    [
        (2, "reference/level2/solution.py", "passes level 2, which should break it."),
        (2, "../../solutions_template/purse/solution.py", "fails level1::test_first_put, "),
        (1, "reference/level1/solution.py", "passes level 1, which should break it."),
    ],
)
def test_naive_design_that_breaks_elsewhere(purse, breaks_at, solution, message):
    add_naive(purse, breaks_at, solution)
    assert f"The naive design {message}" in purse.findings("naive")[0].message


def test_naive_design_that_is_half_there(purse):
    purse.write("naive/solution.py", "x = 1\n")
    assert purse.error("naive")[2] == "naive/ is not described in mistakes.toml."
    (purse.root / "naive/solution.py").unlink()
    (purse.root / "naive").rmdir()
    rows = (purse.root / FILE).read_text(encoding="utf-8")
    purse.write(FILE, rows + NAIVE.format(2))
    assert purse.error("naive")[2] == "[naive] is in mistakes.toml, but there is no naive/."


TAKES = "`take(amount: int) -> int` takes coins out and returns how many are left."
STAYS = "The purse stays as it is."


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (TAKES, None),
        (TAKES.replace("`", ""), None),
        (STAYS, "cites the rule that it breaks (it passes test_refused_take_changes_nothing)"),
        ("Coins are round.", "fails cites the rule that it breaks (no case of level 2 does): "),
    ],
)
def test_the_rule_that_a_mistake_breaks(cited, rule, message):
    cited.edit(FILE, f'breaks = "{TAKES}"', f'breaks = "{rule}"')
    found = cited.findings("known-wrong")
    assert [message in finding.message for finding in found] == [True] * bool(message)


def test_a_mistake_that_names_no_rule(cited):
    cited.edit(FILE, f'breaks = "{TAKES}"', "")
    path, _, message = cited.warning("known-wrong")
    assert path == FILE
    assert message == (
        "1 mistake of 4 does not say which rule of the statements it breaks: keeps_one."
    )


def test_without_citations_nothing_is_said_of_rules(purse):
    assert "breaks" not in (purse.root / FILE).read_text(encoding="utf-8")
    assert purse.findings("known-wrong") == []
