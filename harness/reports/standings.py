"""Where an attempt stands: its points, its levels, and the JSON documents of both."""

from __future__ import annotations

import math
from typing import Any, Literal

from harness.model.attempt import AttemptState, LevelState
from harness.model.manifest import LevelSpec
from harness.model.problem import BrokenProblem, Problem
from harness.model.score import LevelScore, Score

ESTIMATE_LOW = 200
"""The estimate for an attempt without points, on the scale of the rehearsed screens."""
ESTIMATE_SPAN = 400

LevelStanding = Literal["accepted", "revealed", "current", "locked", "given_up"]


def default_score(problem: Problem, state: AttemptState) -> Score:
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


def planned_seconds(problem: Problem, state: AttemptState, number: int) -> int:
    """Return the time suggested for a level: the problem's, scaled to the attempt's minutes."""
    share = state.minutes / problem.manifest.minutes
    return round(60 * problem.level(number).minutes * share)


def accepted_levels(state: AttemptState) -> int:
    """Return how many levels were accepted; a revealed one was not."""
    return sum(level.accepted_at_seconds is not None for level in state.levels)


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
        "planned_seconds": planned_seconds(problem, state, number),
        "hints": level.hints,
    }


def problem_document(problem: Problem | BrokenProblem) -> dict[str, Any]:
    """Return one problem of the list. ``error`` is empty unless the problem is broken."""
    if isinstance(problem, BrokenProblem):
        known = {"slug": problem.slug, "pack": problem.pack, "error": problem.error.message}
        empty = {"title": "", "summary": "", "version": "", "levels": 0, "minutes": 0, "tags": ()}
        return {**empty, **known}
    manifest = problem.manifest
    return {
        "slug": problem.slug,
        "pack": problem.pack,
        "title": manifest.title,
        "summary": manifest.summary,
        "version": manifest.version,
        "levels": problem.level_count,
        "minutes": manifest.minutes,
        "tags": manifest.tags,
        "error": "",
    }


def status_document(problem: Problem, state: AttemptState, score: Score) -> dict[str, Any]:
    """Return where an attempt stands. ``max_points`` is that of all levels, with every bonus."""
    return {
        "attempt": state.id,
        "problem": problem.slug,
        "title": problem.manifest.title,
        "mode": state.mode,
        "feedback": state.feedback,
        "level": state.level,
        "levels": [
            {
                **level_document(problem, state, score, level.number),
                "summary": problem.level(level.number).summary,
            }
            for level in state.levels
        ],
        "spent_seconds": state.spent_seconds,
        "allowed_seconds": state.allowed_seconds,
        "remaining_seconds": state.remaining_seconds,
        "paused": state.paused,
        "judge_broken": state.judge_broken,
        "end": state.end,
        "submissions": state.submissions,
        "test_runs": sum(level.test_runs for level in state.levels),
        "pending_submission": state.pending_submission is not None,
        "points": score.total,
        "max_points": score.max,
        "notices": state.notices,
    }


def history_document(state: AttemptState, score: Score | None) -> dict[str, Any]:
    """Return one attempt of the history. ``score``: None when its problem cannot be read."""
    return {
        "attempt": state.id,
        "problem": state.problem,
        "mode": state.mode,
        "started_at": state.started_at.isoformat(),
        "level": state.level,
        "levels": len(state.levels),
        "accepted": accepted_levels(state),
        "points": score.total if score else None,
        "max_points": score.max if score else None,
        "spent_seconds": state.spent_seconds,
        "end": state.end,
    }
