"""The standing of each level of an attempt, and the time it took."""

from __future__ import annotations

import math
from typing import Any, Literal

from harness.model.attempt import AttemptState
from harness.model.problem import Problem
from harness.model.score import Score

LevelStanding = Literal["accepted", "revealed", "current", "locked", "given_up"]


def standing_of(state: AttemptState, number: int) -> LevelStanding:
    """Return the standing of level ``number``."""
    level = state.levels[number - 1]
    if level.revealed:
        return "revealed"
    if level.accepted_at_seconds is not None:
        return "accepted"
    if number == state.level:
        return "current" if state.is_open else "given_up"
    return "locked"


def level_seconds(state: AttemptState, number: int) -> float | None:
    """Return the charged time spent on level ``number`` so far; None when it was never open.

    A level ends when the next one opens, the last one with the attempt. Whole seconds,
    rounded at the borders between levels, so that the times add up to that of the attempt.
    """
    opened_at = state.levels[number - 1].opened_at_seconds
    if opened_at is None:
        return None
    ended_at = state.spent_seconds
    if number < len(state.levels):
        next_opened_at = state.levels[number].opened_at_seconds
        if next_opened_at is not None:
            ended_at = next_opened_at
    return max(0.0, float(math.floor(ended_at) - math.floor(opened_at)))


def level_document(
    problem: Problem, state: AttemptState, score: Score, number: int
) -> dict[str, Any]:
    """Return what the JSON documents of status and report have in common about a level.

    ``max_points`` is without the bonus; ``total`` is 0 when no submission judged the level, and
    ``spent_seconds`` is None when it was never open.
    """
    spec, level, worth = problem.level(number), state.levels[number - 1], score.of_level(number)
    return {
        "number": number,
        "title": spec.title,
        "standing": standing_of(state, number),
        "points": worth.points,
        "max_points": worth.max_points,
        "bonus": worth.bonus,
        "max_bonus": worth.max_bonus,
        "passed": level.passed,
        "total": level.total,
        "spent_seconds": level_seconds(state, number),
        "suggested_minutes": spec.minutes,
    }
