"""Turns states and judgements into what a person or a program reads.

Everything here is pure: data in, data or rich renderables out, nothing read or printed. The views
(``AttemptReport``, ``JudgementView``, …) are what ``--json`` prints and what the ``render_…``
functions draw, so that both always agree. rich is imported when something is drawn.
May import plugins, model, settings and errors.
"""

from __future__ import annotations

from harness.reports.attempt_report import (
    AttemptReport,
    LevelReport,
    TimelineEntry,
    attempt_report,
)
from harness.reports.escaping import escape_untrusted
from harness.reports.judgement_view import CaseView, JudgementView, LevelView, view_judgement
from harness.reports.overviews import (
    HistoryLine,
    ProblemLine,
    StatusLevel,
    StatusView,
    view_history,
    view_problems,
    view_status,
)
from harness.reports.scoring import score
from harness.reports.stuck import StuckCase
from harness.reports.terminal import (
    has_reference,
    render_editorial,
    render_history,
    render_judgement,
    render_problems,
    render_reference,
    render_report,
    render_statement,
    render_status,
    render_summary,
)
from harness.reports.wording import clock_text, points_text, verdict_words

__all__ = [
    "AttemptReport",
    "CaseView",
    "HistoryLine",
    "JudgementView",
    "LevelReport",
    "LevelView",
    "ProblemLine",
    "StatusLevel",
    "StatusView",
    "StuckCase",
    "TimelineEntry",
    "attempt_report",
    "clock_text",
    "escape_untrusted",
    "has_reference",
    "points_text",
    "render_editorial",
    "render_history",
    "render_judgement",
    "render_problems",
    "render_reference",
    "render_report",
    "render_statement",
    "render_status",
    "render_summary",
    "score",
    "verdict_words",
    "view_history",
    "view_judgement",
    "view_problems",
    "view_status",
]
