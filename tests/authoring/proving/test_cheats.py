"""The check ``cheats``: cheats earn nothing; a case or level that accepts one is reported."""

from __future__ import annotations

import pytest


def test_no_cheat_gets_anything_from_a_good_problem(bench):
    assert bench.check("cheats") == []


def test_a_case_that_asks_for_nothing(bench, single):
    path = bench.root / "level2" / "test_hidden.py"
    case = '\n\ndef test_lazy():\n    """Adding works"""\n    Tally().add(1)\n'
    path.write_text(path.read_text() + case)
    finding = single("cheats")
    assert "level2::test_lazy is passed by a solution that answers by" in finding.message
    assert finding.line == path.read_text().splitlines().index("def test_lazy():") + 1


def test_a_case_that_believes_its_answer(bench, single):
    bench.change("level2/test_hidden.py", "assert tally.total() == 0", "assert tally.total")
    path = bench.root / "level2" / "test_hidden.py"
    case = '\n\ndef test_truth():\n    """The total is true"""\n    assert Tally().total()\n'
    path.write_text(path.read_text() + case)
    finding = single("cheats")
    assert "test_truth" in finding.message
    assert "an object that equals everything" in finding.message


def test_a_level_of_one_answer(bench):
    path = bench.root / "level1" / "test_hidden.py"
    path.write_text(
        'from solution import Tally\n\n\ndef test_zero():\n    """Zero"""\n'
        "    assert Tally().total() == 0\n"
    )
    messages = [finding.message for finding in bench.check("cheats")]
    # False is 0 to a comparison, too.
    assert messages == [
        f"A solution that answers {answer} to everything passes level 1."
        for answer in ("False", "0")
    ]


def test_a_case_that_takes_any_exception(bench, single):
    path = bench.root / "level2" / "test_hidden.py"
    case = '\n\ndef test_it_fails():\n    """It fails"""\n    with pytest.raises(BaseException):\n'
    path.write_text(f"{path.read_text()}{case}        Tally().undo()\n")
    finding = single("cheats")
    assert "test_it_fails is passed by a solution that raises an exc" in finding.message


@pytest.mark.parametrize("answer", ["None", "True", "[]"])
def test_constant_answers_may_pass_a_case(bench, answer):
    path = bench.root / "level2" / "test_hidden.py"
    case = f'\n\ndef test_one():\n    """One"""\n    assert Tally().total() == {answer}\n'
    path.write_text(path.read_text() + case)
    assert bench.check("cheats") == []
