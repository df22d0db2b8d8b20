"""``harness history``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from harness.reports.overviews import HistoryLine
from harness.reports.terminal.page import QUIET, STRONG, Page, safe_text
from harness.reports.wording import clock_text, end_words


def render_history(lines: Sequence[HistoryLine], zone: tzinfo | None = None) -> Page:
    """Draw one line for each attempt. ``zone``: for times of day; None for that of the system."""
    from rich.table import Table
    from rich.text import Text

    if not lines:
        return Page(Text("There are no attempts yet."))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET)
    for title in ("Attempt", "Started", "Problem", "Mode", "Level"):
        table.add_column(title, no_wrap=True)
    table.add_column("Points", justify="right", no_wrap=True)
    table.add_column("Time", justify="right", no_wrap=True)
    table.add_column("End", no_wrap=True)
    for line in lines:
        table.add_row(
            safe_text(line.attempt, STRONG),
            f"{line.started_at.astimezone(zone):%Y-%m-%d}",
            safe_text(line.problem),
            line.mode.value,
            f"{line.level}/{line.levels}",
            "–" if line.points is None else f"{line.points:,}",
            clock_text(line.spent_seconds),
            safe_text(end_words(line.end), QUIET if line.end else ""),
        )
    return Page(table)
