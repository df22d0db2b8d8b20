"""The check ``cheats``: cheats earn nothing; a case or level that accepts one is reported."""

from __future__ import annotations

import pytest


def test_no_cheat_gets_anything_from_a_good_problem(bench):
    assert bench.check("cheats") == []


def test_a_case_that_asks_for_nothing(bench, single):
    line = bench.add('def test_lazy():\n    """Adding works"""\n    Tally().add(1)\n')
    finding = single("cheats")
    assert "level2::test_lazy is passed by a solution that answers by" in finding.message
    assert finding.line == line


def test_a_case_that_believes_its_answer(bench, single):
    bench.change("level2/test_hidden.py", "assert tally.total() == 0", "assert tally.total")
    bench.add('def test_truth():\n    """The total is true"""\n    assert Tally().total()\n')
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
    case = 'def test_it_fails():\n    """It fails"""\n    with pytest.raises(BaseException):\n'
    bench.add(f"{case}        Tally().undo()\n")
    finding = single("cheats")
    assert "test_it_fails is passed by a solution that raises an exc" in finding.message


@pytest.mark.parametrize("answer", ["None", "True", "[]"])
def test_constant_answers_may_pass_a_case(bench, answer):
    bench.add(f'def test_one():\n    """One"""\n    assert Tally().total() == {answer}\n')
    assert bench.check("cheats") == []
