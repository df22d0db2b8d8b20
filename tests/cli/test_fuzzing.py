"""`harness author fuzz`: who is compared, what is printed, and what is said when it cannot be."""

from __future__ import annotations

import re
import sys

import pytest

from harness.errors import ExitCode

FUZZ = """\
from harness.authoring.fuzz import Fuzz, call, pool, since

fuzz = Fuzz(begin=[], length=4, calls=[call("step", pool(1, 2)), since(2, call("leap", 1))])
"""


@pytest.fixture
def steps(shell, tmp_path):
    """The problem `steps`, which says how it is called and has solutions to compare."""
    root = tmp_path / "pack" / "problems" / "steps"
    (root / "fuzz.py").write_text(FUZZ)
    right = (root / "reference/level2/solution.py").read_text()
    (root / "alternates/same").mkdir(parents=True)
    (root / "alternates/same/solution.py").write_text(right.replace("place + 1", "1 + place"))
    row = '[[mistake]]\nname = "{}"\nlevel = {}\nwhy = "Odd."\nfind = "{}"\nreplace = "{}"\n'
    (root / "mistakes.toml").write_text(
        row.format("stands", 1, "place + 1", "place")
        + row.format("short", 2, "place + 2", "place + 1")
    )
    shell.monkeypatch.setenv("HARNESS_BACKEND", "process")
    return root


def fuzz(shell, *arguments):
    return shell("author", "fuzz", "steps", "--examples", "10", *arguments)


def test_without_a_name_the_alternates_are_compared(shell, steps):
    assert fuzz(shell) == 0
    assert shell.out.startswith("same: the same answers to ")
    assert "level 2" in shell.out


def test_a_difference_is_printed_as_a_case(shell, steps):
    assert fuzz(shell, "--against", "stands") == ExitCode.NOT_ACCEPTED
    assert "stands: answers differently at level 1" in shell.out
    assert "    assert step(1) == 2\n" in shell.out
    assert "#   reference: 2\n#   stands: 1\n" in shell.out


def test_several_are_compared_and_reported_as_json(shell, steps):
    document = shell.json(
        *("author", "fuzz", "steps", "--examples", "10", "--against", "short", "--against", "same")
    )
    rows = [(row["against"], row["level"]) for row in document]
    assert rows == [("short", 2), ("same", 1), ("same", 2)]
    assert document[0]["difference"]["line"] == "leap(1)"
    assert document[1]["difference"] is document[2]["difference"] is None


def test_calls_of_later_levels_are_left_out(shell, steps):
    assert fuzz(shell, "--against", "short", "--level", "1") == 0
    assert "of level 1" in shell.out


def test_any_solution_can_be_compared_by_its_path(shell, steps, tmp_path):
    mine = tmp_path / "mine.py"
    mine.write_text("def step(place):\n    return 2\n")
    assert fuzz(shell, "--against", str(mine), "--level", "1") == ExitCode.NOT_ACCEPTED
    assert "    assert step(2) == 3\n" in shell.out


def test_a_misspelt_name_is_reported_with_the_nearest(shell, steps):
    assert fuzz(shell, "--against", "stand") == ExitCode.USAGE
    assert "Did you mean stands?" in shell.err


def test_a_level_that_is_not_there(shell, steps):
    assert fuzz(shell, "--level", "3") == ExitCode.USAGE
    assert "Its levels are 1 to 2" in shell.err


def test_a_problem_without_alternates_names_the_option(shell, steps):
    (steps / "alternates/same/solution.py").unlink()
    (steps / "alternates/same").rmdir()
    assert fuzz(shell) == ExitCode.USAGE
    assert "--against PATH" in shell.err


def test_a_problem_that_does_not_say_how_it_is_called(shell, steps):
    (steps / "fuzz.py").unlink()
    assert fuzz(shell) == ExitCode.USAGE
    assert "there is no" in shell.err


def test_without_hypothesis_the_command_to_get_it_is_shown(shell, steps):
    shell.monkeypatch.setitem(sys.modules, "hypothesis", None)
    assert fuzz(shell) == ExitCode.USAGE
    assert "needs hypothesis" in shell.err
    assert "pip install 'progressive-harness[author]'" in shell.err


def test_each_level_is_tried_and_shares_the_scripts(shell, steps):
    assert shell("author", "fuzz", "steps", "--examples", "8") == 0
    heads = [line for line in shell.out.splitlines() if not line.startswith(" ")]
    for level, line in enumerate(heads, start=1):
        assert line.startswith("same: the same answers to ")
        assert line.endswith(f" scripts of level {level}")
        assert int(line.split()[5]) <= 4
    assert len(heads) == 2


def test_what_the_scripts_were_worth_is_said(shell, steps):
    assert fuzz(shell, "--level", "1") == 0
    assert re.search(r"\n  step: \d+ calls?, of which \d+ did something\n", shell.out)
    assert "  They tell 1 of 1 known mistake from the reference.\n" in shell.out
    (found,) = shell.json("author", "fuzz", "steps", "--examples", "10", "--level", "1")
    ((made, did),) = [(each["made"], each["did_something"]) for each in found["calls"]]
    assert 0 < did == made
    assert (found["mistakes_shown"], found["mistakes_missed"]) == (["stands"], [])


def test_a_mistake_at_the_calls_of_level_1_is_found_there(shell, steps):
    (steps / "alternates/same/solution.py").write_text(
        (steps / "alternates/same/solution.py").read_text().replace("1 + place", "place")
    )
    assert fuzz(shell) == ExitCode.NOT_ACCEPTED
    assert "same: answers differently at level 1" in shell.out
    assert "level 2" not in shell.out
    assert shell.out.endswith("The statement decides who is right; the reference may be wrong.\n")


def test_what_a_later_level_changes_is_no_difference_of_an_alternate(shell, steps):
    """The reference of level 1 is another one: only by its own level is it asked."""
    (steps / "reference/level1/solution.py").write_text("def step(place):\n    return place\n")
    assert fuzz(shell) == 0
    assert fuzz(shell, "--level", "1") == ExitCode.NOT_ACCEPTED


def test_a_level_that_adds_no_calls_to_fuzz_is_left_out(shell, steps):
    (steps / "fuzz.py").write_text(FUZZ.replace('call("step", pool(1, 2)), ', ""))
    assert fuzz(shell) == 0
    assert "level 1" not in shell.out
    assert fuzz(shell, "--level", "1") == ExitCode.USAGE
    assert "has no calls at level 1" in shell.err


def test_a_misspelt_call_is_no_agreement(shell, steps):
    (steps / "fuzz.py").write_text(FUZZ.replace('since(2, call("leap", 1))', 'call("step.go")'))
    assert fuzz(shell) == ExitCode.USAGE
    assert "fuzz.py calls step.go, but the reference has no go at level 1." in shell.err


def test_a_call_of_a_later_level_is_reported_with_its_level(shell, steps):
    (steps / "fuzz.py").write_text(FUZZ.replace("since(2, call", "(call"))
    assert fuzz(shell) == ExitCode.USAGE
    assert "fuzz.py calls leap at level 1, but leap comes with level 2." in shell.err
    assert "since(2, call(…))" in shell.err
