from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import PackError
from harness.model.attempt import LevelState
from harness.model.manifest import LevelSpec
from harness.model.problem import BrokenProblem
from harness.reports.standings import (
    default_score,
    history_document,
    problem_document,
    status_document,
)
from tests.making import make_attempt, make_problem


def levels(*results, revealed=0):
    return tuple(
        LevelState(number=number, passed=passed, total=total, revealed=number == revealed)
        for number, (passed, total) in enumerate(results, 1)
    )


def test_nothing_submitted_is_nothing_earned(problem, state):
    result = default_score(problem, state(levels=levels((0, 0), (0, 0), (0, 0)), submissions=0))
    assert (result.total, result.max, result.estimate) == (0, 700, 200)
    assert result.label == "unofficial estimate"


def test_everything_passed_is_everything_earned(problem, state):
    result = default_score(problem, state(levels=levels((18, 18), (14, 14), (20, 20))))
    assert (result.total, result.max, result.estimate) == (700, 700, 600)


def test_partial_levels_earn_their_share_and_no_bonus(problem, state):
    result = default_score(problem, state(levels=levels((18, 18), (9, 14), (0, 0))))
    first, second, third = result.levels
    assert (first.points, first.bonus, first.total) == (100, 50, 150)
    assert (second.points, second.bonus, second.max_total) == (129, 0, 250)
    assert (third.points, third.max_bonus) == (0, 0)
    assert result.total == 279
    assert result.estimate == 200 + round(400 * 279 / 700)


def test_halves_are_rounded_up(problem, state):
    # 100 × 1 ÷ 8 = 12.5, 200 × 1 ÷ 16 = 12.5
    result = default_score(problem, state(levels=levels((1, 8), (1, 16), (0, 0))))
    assert [level.points for level in result.levels] == [13, 13, 0]


def test_a_revealed_level_earns_nothing(problem, state):
    result = default_score(problem, state(levels=levels((18, 18), (14, 14), (0, 0), revealed=2)))
    assert result.levels[1].total == 0
    assert result.levels[1].revealed
    assert (result.total, result.max) == (150, 700)


@settings(deadline=None)
@given(
    points=st.integers(1, 10_000),
    bonus=st.integers(0, 10_000),
    total=st.integers(1, 60),
    data=st.data(),
)
def test_a_score_stays_in_its_bounds(points, bonus, total, data):
    passed = data.draw(st.integers(0, total))
    problem, state = one_level(points, bonus, passed, total)
    result = default_score(problem, state)
    assert 0 <= result.total <= result.max == points + bonus
    assert 200 <= result.estimate <= 600
    assert (result.total == result.max) is (passed == total) or bonus == 0
    assert (result.levels[0].bonus == bonus) is (passed == total) or bonus == 0


def one_level(points, bonus, passed, total):
    only = LevelSpec(id="only", title="Only", summary="S", minutes=5, points=points, bonus=bonus)
    problem = make_problem("one", [only])
    return problem, make_attempt(problem, levels=levels((passed, total)), submissions=1)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_levels_keep_their_numbers(problem, state, number):
    assert default_score(problem, state()).levels[number - 1].number == number


def test_a_broken_problem_is_listed_with_its_error(problem):
    broken = BrokenProblem("chess", "mine", PackError("problem.toml is missing."))
    fine, bad = problem_document(problem), problem_document(broken)
    assert (fine["slug"], fine["levels"], fine["minutes"], fine["error"]) == ("kv_store", 3, 60, "")
    assert (bad["slug"], bad["pack"], bad["error"]) == (
        "chess",
        "mine",
        "problem.toml is missing.",
    )
    assert fine.keys() == bad.keys()


def test_status_shows_all_levels_from_the_start(problem, state):
    now = state()
    document = status_document(problem, now, default_score(problem, now))
    levels = document["levels"]
    assert [level["standing"] for level in levels] == ["accepted", "current", "locked"]
    assert all(level["summary"] for level in levels)
    assert [(level["passed"], level["total"]) for level in levels] == [(18, 18), (9, 14), (0, 0)]
    assert [level["spent_seconds"] for level in levels] == [484.0, 1316.0, None]
    assert (document["points"], document["max_points"], document["test_runs"]) == (279, 700, 5)
    first = levels[0]
    assert (first["points"], first["max_points"], first["bonus"], first["max_bonus"]) == (
        100,
        100,
        50,
        50,
    )
    assert document["remaining_seconds"] == 1800.0
    assert not document["pending_submission"]


def test_history_goes_on_without_the_score_of_a_lost_problem(problem, state):
    one, other = state(), state(id="other2")
    lines = [history_document(one, default_score(problem, one)), history_document(other, None)]
    assert [(line["attempt"], line["points"], line["max_points"]) for line in lines] == [
        ("k3f9qz", 279, 700),
        ("other2", None, None),
    ]
