"""The default rule for the score of an attempt."""

from __future__ import annotations

from harness.model.attempt import AttemptState, LevelState
from harness.model.manifest import LevelSpec
from harness.model.problem import Problem
from harness.model.score import LevelScore, Score

ESTIMATE_LOW = 200
"""The estimate for an attempt without points, on the scale of the rehearsed screens."""
ESTIMATE_SPAN = 400


def score(problem: Problem, state: AttemptState) -> Score:
    """Return the present score of the attempt.

    A level earns points × passed ÷ total of its hidden cases, rounded half up, as of its last
    judged submission, and the bonus when all passed. A revealed level earns nothing.
    The estimate is 200 + 400 × total ÷ max, after the scale of the rehearsed screens: unofficial.
    """
    levels = tuple(_level_score(problem.level(level.number), level) for level in state.levels)
    total = sum(level.total for level in levels)
    most = sum(level.max_total for level in levels)
    return Score(
        levels=levels,
        total=total,
        max=most,
        estimate=ESTIMATE_LOW + _share(ESTIMATE_SPAN, total, most),
    )


def _level_score(spec: LevelSpec, level: LevelState) -> LevelScore:
    earns = level.total > 0 and not level.revealed
    return LevelScore(
        number=level.number,
        points=_share(spec.points, level.passed, level.total) if earns else 0,
        max_points=spec.points,
        bonus=spec.bonus if earns and level.passed == level.total else 0,
        max_bonus=spec.bonus,
        revealed=level.revealed,
    )


def _share(whole: int, part: int, parts: int) -> int:
    """Return whole × part ÷ parts, rounded half up."""
    return (2 * whole * part + parts) // (2 * parts)
