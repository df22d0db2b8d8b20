"""``harness history``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from rich.table import Table
from rich.text import Text

from harness.model.attempt import AttemptState
from harness.model.score import Score
from harness.reports.labels import end_words
from harness.reports.terminal.page import QUIET, STRONG, Page, safe_text
from harness.words import clock_text


def render_history(
    attempts: Sequence[tuple[AttemptState, Score | None]], zone: tzinfo | None = None
) -> Page:
    """Draw one line for each attempt. ``zone``: for dates; None for the system's."""
    if not attempts:
        return Page(Text("There are no attempts yet."))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET)
    for title in ("Attempt", "Started", "Problem", "Mode", "Level"):
        table.add_column(title, no_wrap=True)
    table.add_column("Points", justify="right", no_wrap=True)
    table.add_column("Time", justify="right", no_wrap=True)
    table.add_column("End", no_wrap=True)
    for state, score in attempts:
        table.add_row(
            safe_text(state.id, STRONG),
            f"{state.started_at.astimezone(zone):%Y-%m-%d}",
            safe_text(state.problem),
            state.mode.value,
            f"{state.level}/{len(state.levels)}",
            f"{score.total:,}" if score else "–",
            clock_text(state.spent_seconds),
            safe_text(end_words(state.end), QUIET if state.end else ""),
        )
    return Page(table)
