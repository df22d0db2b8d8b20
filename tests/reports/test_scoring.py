from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.model.attempt import AttemptState, LevelState, Mode
from harness.model.judgement import Feedback
from harness.model.manifest import LevelSpec, Manifest
from harness.model.problem import Problem
from harness.reports.scoring import score

MakeState = Callable[..., AttemptState]


def levels(*results: tuple[int, int], revealed: int = 0) -> tuple[LevelState, ...]:
    return tuple(
        LevelState(number=number, passed=passed, total=total, revealed=number == revealed)
        for number, (passed, total) in enumerate(results, 1)
    )


def test_nothing_submitted_is_nothing_earned(problem: Problem, state: MakeState) -> None:
    result = score(problem, state(levels=levels((0, 0), (0, 0), (0, 0)), submissions=0))
    assert (result.total, result.max, result.estimate) == (0, 700, 200)
    assert result.label == "unofficial estimate"


def test_everything_passed_is_everything_earned(problem: Problem, state: MakeState) -> None:
    result = score(problem, state(levels=levels((18, 18), (14, 14), (20, 20))))
    assert (result.total, result.max, result.estimate) == (700, 700, 600)


def test_partial_levels_earn_their_share_and_no_bonus(problem: Problem, state: MakeState) -> None:
    result = score(problem, state(levels=levels((18, 18), (9, 14), (0, 0))))
    first, second, third = result.levels
    assert (first.points, first.bonus, first.total) == (100, 50, 150)
    assert (second.points, second.bonus, second.max_total) == (129, 0, 250)
    assert (third.points, third.max_bonus) == (0, 0)
    assert result.total == 279
    assert result.estimate == 200 + round(400 * 279 / 700)


def test_halves_are_rounded_up(problem: Problem, state: MakeState) -> None:
    # 100 × 1 ÷ 8 = 12.5, 200 × 1 ÷ 16 = 12.5
    result = score(problem, state(levels=levels((1, 8), (1, 16), (0, 0))))
    assert [level.points for level in result.levels] == [13, 13, 0]


def test_a_revealed_level_earns_nothing(problem: Problem, state: MakeState) -> None:
    result = score(problem, state(levels=levels((18, 18), (14, 14), (0, 0), revealed=2)))
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
def test_a_score_stays_in_its_bounds(
    points: int, bonus: int, total: int, data: st.DataObject
) -> None:
    passed = data.draw(st.integers(0, total))
    problem, state = one_level(points, bonus, passed, total)
    result = score(problem, state)
    assert 0 <= result.total <= result.max == points + bonus
    assert 200 <= result.estimate <= 600
    assert (result.total == result.max) is (passed == total) or bonus == 0
    assert (result.levels[0].bonus == bonus) is (passed == total) or bonus == 0


def one_level(points: int, bonus: int, passed: int, total: int) -> tuple[Problem, AttemptState]:
    manifest = Manifest(
        format=1,
        slug="one",
        version="1.0.0",
        title="One",
        summary="One level.",
        authors=("us",),
        license="MIT",
        levels=(
            LevelSpec(
                id="only", title="Only", summary="All.", minutes=5, points=points, bonus=bonus
            ),
        ),
    )
    nowhere = Path("nowhere")
    state = AttemptState(
        id="abcdef",
        problem="one",
        problem_version="1.0.0",
        problem_hash="0" * 64,
        mode=Mode.PRACTICE,
        feedback=Feedback.FULL,
        seed="0",
        workspace=nowhere,
        minutes=90,
        started_at=datetime.now(UTC),
        levels=levels((passed, total)),
        level=1,
        spent_seconds=0.0,
        allowed_seconds=5400.0,
        submissions=1,
    )
    problem = Problem(manifest=manifest, root=nowhere, template=nowhere, content_hash="0" * 64)
    return problem, state


@pytest.mark.parametrize("number", [1, 2, 3])
def test_levels_keep_their_numbers(problem: Problem, state: MakeState, number: int) -> None:
    assert score(problem, state()).levels[number - 1].number == number
