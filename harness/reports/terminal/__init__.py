"""Draws the views with rich. Reads well without colour, and in 80 columns.

Every function returns a ``Page``, which any console of rich can print. rich is imported inside the
functions, so that importing this package costs nothing.
"""

from __future__ import annotations

from harness.reports.terminal.history import render_history
from harness.reports.terminal.judgement import render_judgement, render_summary
from harness.reports.terminal.problems import render_problems
from harness.reports.terminal.report import (
    has_reference,
    render_editorial,
    render_reference,
    render_report,
)
from harness.reports.terminal.statement import render_statement
from harness.reports.terminal.status import render_status

__all__ = [
    "has_reference",
    "render_editorial",
    "render_history",
    "render_judgement",
    "render_problems",
    "render_reference",
    "render_report",
    "render_statement",
    "render_status",
    "render_summary",
]
