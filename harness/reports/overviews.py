"""The ``--json`` documents of ``harness list``, ``status`` and ``history``."""

from __future__ import annotations

from typing import Any

from harness.model.attempt import AttemptState
from harness.model.problem import BrokenProblem, Problem
from harness.model.score import Score
from harness.reports.standings import level_document


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
        "points": score.total if score else None,
        "max_points": score.max if score else None,
        "spent_seconds": state.spent_seconds,
        "end": state.end,
    }
