"""Sentences about an attempt that several commands say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.model.attempt import End
from harness.reports.standings import level_seconds, planned_seconds
from harness.words import clock_text, count_text, ordinal_text, points_text

if TYPE_CHECKING:
    from harness.app.overview import Standing
    from harness.app.work import JudgedSubmission


def unsubmitted_sentence(now: Standing) -> str:
    """Say what was not submitted; empty when all is."""
    if not now.unsubmitted:
        return ""
    passing = ", which pass the visible tests" if now.tested else ""
    return f"Not submitted: your latest changes to {', '.join(now.unsubmitted)}{passing}."


def end_sentences(now: Standing) -> list[str]:
    """Say that the attempt is over and why, what counts, and what does not."""
    why = {
        End.COMPLETED: "Every level is accepted: you are done.",
        End.EXPIRED: "Time is up.",
    }.get(now.state.end or End.FINISHED, "This attempt is finished.")
    points = f"{points_text(now.score.total, now.score.max)} points"
    if now.state.pending_submission is not None:
        counts = f"Your last submission counts once it is judged. Until then: {points}."
    elif now.state.submissions:
        counts = f"Your last submission counts: {points}."
    else:
        counts = f"Nothing was submitted, so nothing counts: {points}."
    lost = unsubmitted_sentence(now) if now.state.end is not End.COMPLETED else ""
    return [f"{why} {counts}", *([f"{lost} That does not count."] if lost else [])]


def level_sentence(result: JudgedSubmission, number: int) -> str:
    """Say how a level went that was just accepted: its time, tries, points and bonus."""
    state, worth = result.state, result.score.of_level(number)
    spent = clock_text(level_seconds(state, number) or 0.0)
    plan = f"{spent} of {clock_text(planned_seconds(result.problem, state, number))} planned"
    tries = f"at the {ordinal_text(state.levels[number - 1].submissions)} try"
    bonus = f" and a bonus of {worth.bonus:,}" if worth.bonus else ""
    earned = f"{count_text(worth.points, 'point')}{bonus}"
    return f"Level {number} is done: {plan}, {tries}, {earned}."
