"""``harness status``: the rail of levels and the clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.reports.overviews import LevelStanding, StatusLevel, StatusView
from harness.reports.terminal.page import (
    BAD,
    FAIL,
    GIVEN,
    HERE,
    LOCK,
    OK,
    PASS,
    QUIET,
    STRONG,
    WARN,
    Page,
    edges,
    indented,
    joined,
    safe_text,
)
from harness.reports.wording import clock_text, count_text, end_words, points_text

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

SOON_SECONDS = 600.0
"""From here on the clock is yellow."""
VERY_SOON_SECONDS = 120.0
"""From here on it is red."""

_MARKS: dict[LevelStanding, tuple[str, str]] = {
    "accepted": (PASS, OK),
    "revealed": (GIVEN, WARN),
    "current": (HERE, STRONG),
    "given_up": (FAIL, BAD),
    "locked": (LOCK, QUIET),
}


def render_status(view: StatusView) -> Page:
    """Draw where the attempt stands."""
    from rich.text import Text

    parts: list[RenderableType] = [
        edges(title_line(view.problem, view.title), f"{view.mode} · {view.attempt}"),
        Text(),
        *(indented(part, 2) for part in _rail(view)),
        Text(),
        indented(_facts(view), 2),
    ]
    if view.pending_submission:
        text = "A submission is recorded, but not judged yet. Type: harness submit"
        parts += [Text(), indented(Text(text, style=WARN), 2)]
    return Page(*parts)


def level_mark(standing: LevelStanding) -> Text:
    """Return the sign of a level, with the space after it three columns wide."""
    from rich.cells import cell_len
    from rich.text import Text

    sign, style = _MARKS[standing]
    return Text(sign + " " * (3 - cell_len(sign)), style=style)


def title_line(slug: str, title: str) -> Text:
    """Return the head of a page about an attempt."""
    return joined([safe_text(slug, STRONG), safe_text(title)])


def _rail(view: StatusView) -> Iterator[RenderableType]:
    """Draw the levels: sign, number, title, cases, time; below it what the level is about."""
    from rich.text import Text

    counts = [f"{level.passed}/{level.total}" if level.total else "" for level in view.levels]
    times = [_time(level) for level in view.levels]
    for level, count, time in zip(view.levels, counts, times, strict=True):
        quiet = QUIET if level.standing == "locked" else ""
        title = STRONG if level.standing == "current" else quiet
        numbers = f"{count.rjust(max(map(len, counts)))}  {time.rjust(max(map(len, times)))}"
        head = Text.assemble(level_mark(level.standing), safe_text(f"{level.number}  ", title))
        yield edges(head + safe_text(level.title, title), safe_text(numbers, quiet))
        yield indented(safe_text(level.summary, QUIET), 6)


def _time(level: StatusLevel) -> str:
    if level.spent_seconds is None:
        return f"{level.suggested_minutes} min"
    return f"{clock_text(level.spent_seconds)} of {level.suggested_minutes} min"


def _facts(view: StatusView) -> Table:
    from rich.table import Table

    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_row("Time", _clock(view))
    facts.add_row("Points", points_text(view.points, view.max_points))
    runs = [count_text(view.submissions, "submission"), count_text(view.test_runs, "test run")]
    facts.add_row("Runs", " · ".join(runs))
    for notice in view.notices:
        facts.add_row("Note", safe_text(notice, WARN))
    return facts


def _clock(view: StatusView) -> Text:
    from rich.text import Text

    limit = clock_text(view.allowed_seconds)
    if view.end is not None:
        return Text(f"{end_words(view.end)} after {clock_text(view.spent_seconds)} of {limit}")
    left = view.remaining_seconds
    if left < 0:
        return Text(f"over by {clock_text(-left)}, the limit was {limit}", style=BAD)
    urgent = BAD if left < VERY_SOON_SECONDS else WARN if left < SOON_SECONDS else STRONG
    text = Text.assemble((clock_text(left), urgent), f" left of {limit}")
    still = "stands still: the judge failed" if view.judge_broken else ""
    return joined([text, Text("paused" if view.paused else still, style=WARN)])
