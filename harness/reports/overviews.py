"""The views behind ``harness list``, ``status`` and ``history``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from harness.model.attempt import AttemptState, End, Mode
from harness.model.frozen import frozen
from harness.model.judgement import Feedback
from harness.model.problem import BrokenProblem, Problem
from harness.model.score import Score
from harness.reports.levels import level_seconds

LevelStanding = Literal["accepted", "revealed", "current", "locked", "given_up"]


@frozen(kw_only=True)
class ProblemLine:
    """One problem in the list. When ``error`` is not empty, it is broken: it has no more."""

    slug: str
    pack: str
    title: str = ""
    summary: str = ""
    version: str = ""
    levels: int = 0
    minutes: int = 0
    tags: tuple[str, ...] = ()
    error: str = ""


@frozen(kw_only=True)
class StatusLevel:
    """One level in the rail."""

    number: int
    title: str
    summary: str
    standing: LevelStanding
    passed: int
    total: int
    """0 when no submission judged it."""
    points: int
    max_points: int
    """Without the bonus."""
    bonus: int
    max_bonus: int
    spent_seconds: float | None
    """None when it was never open."""
    suggested_minutes: int


@frozen(kw_only=True)
class StatusView:
    """Where an attempt stands; also the ``--json`` form."""

    attempt: str
    problem: str
    title: str
    mode: Mode
    feedback: Feedback
    level: int
    levels: tuple[StatusLevel, ...]
    spent_seconds: float
    allowed_seconds: float
    remaining_seconds: float
    paused: bool
    judge_broken: bool
    """Whether the clock stands still because the judge failed."""
    end: End | None
    submissions: int
    test_runs: int
    pending_submission: bool
    """Whether a submission is recorded and not judged yet."""
    points: int
    max_points: int
    """Of all levels, with every bonus."""
    notices: tuple[str, ...]


@frozen(kw_only=True)
class HistoryLine:
    """One attempt in the history."""

    attempt: str
    problem: str
    mode: Mode
    started_at: datetime
    level: int
    levels: int
    points: int | None
    """None when its problem cannot be read any more."""
    max_points: int | None
    spent_seconds: float
    end: End | None


def view_problems(problems: Sequence[Problem | BrokenProblem]) -> list[ProblemLine]:
    """Return a line for each problem, broken ones too, in the given order."""
    return [_problem_line(problem) for problem in problems]


def view_status(problem: Problem, state: AttemptState, score: Score) -> StatusView:
    """Return where the attempt stands."""
    return StatusView(
        attempt=state.id,
        problem=problem.slug,
        title=problem.manifest.title,
        mode=state.mode,
        feedback=state.feedback,
        level=state.level,
        levels=tuple(_status_level(problem, state, score, n) for n in range(len(state.levels))),
        spent_seconds=state.spent_seconds,
        allowed_seconds=state.allowed_seconds,
        remaining_seconds=state.remaining_seconds,
        paused=state.paused,
        judge_broken=state.judge_broken,
        end=state.end,
        submissions=state.submissions,
        test_runs=sum(level.test_runs for level in state.levels),
        pending_submission=state.pending_submission is not None,
        points=score.total,
        max_points=score.max,
        notices=state.notices,
    )


def view_history(states: Sequence[AttemptState], scores: Mapping[str, Score]) -> list[HistoryLine]:
    """Return a line for each attempt, in the given order. ``scores``: by attempt id."""
    lines = []
    for state in states:
        score = scores.get(state.id)
        line = HistoryLine(
            attempt=state.id,
            problem=state.problem,
            mode=state.mode,
            started_at=state.started_at,
            level=state.level,
            levels=len(state.levels),
            points=score.total if score else None,
            max_points=score.max if score else None,
            spent_seconds=state.spent_seconds,
            end=state.end,
        )
        lines.append(line)
    return lines


def standing_of(state: AttemptState, number: int) -> LevelStanding:
    """Return how level ``number`` stands."""
    level = state.levels[number - 1]
    if level.revealed:
        return "revealed"
    if level.accepted_at_seconds is not None:
        return "accepted"
    if number == state.level:
        return "current" if state.is_open else "given_up"
    return "locked"


def _problem_line(problem: Problem | BrokenProblem) -> ProblemLine:
    if isinstance(problem, BrokenProblem):
        return ProblemLine(slug=problem.slug, pack=problem.pack, error=problem.error.message)
    return ProblemLine(
        slug=problem.slug,
        pack=problem.pack,
        title=problem.manifest.title,
        summary=problem.manifest.summary,
        version=problem.manifest.version,
        levels=problem.level_count,
        minutes=problem.manifest.minutes,
        tags=problem.manifest.tags,
    )


def _status_level(problem: Problem, state: AttemptState, score: Score, index: int) -> StatusLevel:
    level, spec = state.levels[index], problem.manifest.levels[index]
    worth = next((each for each in score.levels if each.number == level.number), None)
    return StatusLevel(
        number=level.number,
        title=spec.title,
        summary=spec.summary,
        standing=standing_of(state, level.number),
        passed=level.passed,
        total=level.total,
        points=worth.points if worth else 0,
        max_points=worth.max_points if worth else 0,
        bonus=worth.bonus if worth else 0,
        max_bonus=worth.max_bonus if worth else 0,
        spent_seconds=level_seconds(state, level.number),
        suggested_minutes=spec.minutes,
    )
