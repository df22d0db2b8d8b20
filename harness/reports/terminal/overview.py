"""Draws ``harness list``, ``status`` and ``history``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from harness.model.attempt import AttemptState
from harness.model.problem import BrokenProblem, Problem
from harness.model.score import Score
from harness.reports.standings import (
    LevelStanding,
    accepted_levels,
    level_seconds,
    planned_seconds,
    standing_of,
)
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
    Fitting,
    Page,
    edges,
    indented,
    joined,
    safe_text,
)
from harness.words import (
    LAST_SECONDS,
    SOON_SECONDS,
    clock_text,
    count_text,
    end_words,
    local_time,
    points_text,
    remaining_text,
)

_MARKS: dict[LevelStanding, tuple[str, str]] = {
    "accepted": (PASS, OK),
    "revealed": (GIVEN, WARN),
    "current": (HERE, STRONG),
    "given_up": (FAIL, BAD),
    "locked": (LOCK, QUIET),
}


def render_problems(problems: Sequence[Problem | BrokenProblem]) -> Page:
    """Draw the list: name, title, size, and the summary below."""
    if not problems:
        return Page(Text("There are no problems."))
    parts: list[RenderableType] = []
    width = max(len(problem.slug) for problem in problems)
    for problem in problems:
        if parts:
            parts.append(Text())
        parts += _entry(problem, width)
    return Page(*parts)


def _entry(problem: Problem | BrokenProblem, width: int) -> Iterator[RenderableType]:
    """Draw one problem; ``width``: of the longest name."""
    name = safe_text(problem.slug.ljust(width + 2), STRONG)
    if isinstance(problem, BrokenProblem):
        yield edges(name + safe_text("cannot be used"), safe_text("broken", BAD))
        yield indented(safe_text(problem.error.message, QUIET), width + 2)
        return
    size = f"{count_text(problem.level_count, 'level')} · {problem.manifest.minutes} min"
    yield edges(name + safe_text(problem.manifest.title), safe_text(size, QUIET))
    yield indented(safe_text(problem.manifest.summary, QUIET), width + 2)


def render_status(problem: Problem, state: AttemptState, score: Score) -> Page:
    """Draw the standing of an attempt."""
    parts: list[RenderableType] = [
        edges(title_line(problem.slug, problem.manifest.title), f"{state.mode} · {state.id}"),
        Text(),
        *(indented(part, 2) for part in _rail(problem, state)),
        Text(),
        indented(_facts(problem, state, score), 2),
    ]
    if state.pending_submission is not None:
        text = "A submission is recorded but not judged yet. Type: harness submit"
        parts += [Text(), indented(Text(text, style=WARN), 2)]
    return Page(*parts)


BONUS = "earned by a level whose every hidden test passes, however long it took"


def plan_text(problem: Problem, state: AttemptState) -> str:
    """Return what the time planned for a level is."""
    if state.minutes == problem.manifest.minutes:
        return "the time suggested for each level; the score does not depend on it"
    return (
        f"the time suggested for each level, scaled from {problem.manifest.minutes} to "
        f"{count_text(state.minutes, 'minute')}; the score does not depend on it"
    )


def level_mark(standing: LevelStanding) -> Text:
    """Return the sign of a level, padded to three columns."""
    sign, style = _MARKS[standing]
    return Text(sign + " " * (3 - cell_len(sign)), style=style)


def title_line(slug: str, title: str) -> Text:
    """Return the title of a page about an attempt."""
    return joined([safe_text(slug, STRONG), safe_text(title)])


def _rail(problem: Problem, state: AttemptState) -> Iterator[RenderableType]:
    """Draw each level: sign, number, title, cases and time, with the summary below."""
    counts = [f"{level.passed}/{level.total}" if level.total else "" for level in state.levels]
    times = []
    for level in state.levels:
        spent = level_seconds(state, level.number)
        planned = clock_text(planned_seconds(problem, state, level.number))
        times.append(planned if spent is None else f"{clock_text(spent)} of {planned}")
    for level, count, time in zip(state.levels, counts, times, strict=True):
        spec, standing = problem.level(level.number), standing_of(state, level.number)
        quiet = QUIET if standing == "locked" else ""
        title = STRONG if standing == "current" else quiet
        numbers = f"{count.rjust(max(map(len, counts)))}  {time.rjust(max(map(len, times)))}"
        head = Text.assemble(level_mark(standing), safe_text(f"{level.number}  ", title))
        yield edges(head + safe_text(spec.title, title), safe_text(numbers, quiet))
        yield indented(safe_text(spec.summary, QUIET), 6)


def _facts(problem: Problem, state: AttemptState, score: Score) -> Table:
    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_row("Time", _clock(state))
    facts.add_row("Points", points_text(score.total, score.max))
    tests = sum(level.test_runs for level in state.levels)
    runs = [count_text(state.submissions, "submission"), count_text(tests, "test run")]
    facts.add_row("Runs", " · ".join(runs))
    facts.add_row("Plan", Text(plan_text(problem, state), style=QUIET))
    if any(level.max_bonus for level in score.levels):
        facts.add_row("Bonus", Text(BONUS, style=QUIET))
    for notice in state.notices:
        facts.add_row("Note", safe_text(notice, WARN))
    return facts


def _clock(state: AttemptState) -> Text:
    limit = clock_text(state.allowed_seconds)
    if state.end is not None:
        return Text(f"{end_words(state.end)} after {clock_text(state.spent_seconds)} of {limit}")
    left = state.remaining_seconds
    if left < 0:
        return Text(f"{remaining_text(left)}, the limit was {limit}", style=BAD)
    urgent = BAD if left < LAST_SECONDS else WARN if left < SOON_SECONDS else STRONG
    text = Text(f"{remaining_text(left)} of {limit}")
    text.stylize(urgent, 0, len(clock_text(left)))
    still = "stands still: the judge failed" if state.judge_broken else ""
    return joined([text, Text("paused" if state.paused else still, style=WARN)])


def render_history(
    attempts: Sequence[tuple[AttemptState, Score | None]], zone: tzinfo | None = None
) -> Page:
    """Draw one line for each attempt, two where the terminal is narrow.

    ``zone``: for dates; None for the system's.
    """
    if not attempts:
        return Page(Text("There are no attempts yet."))
    return Page(Fitting(_history_table(attempts, zone), _history_pairs(attempts, zone)))


def _history_table(
    attempts: Sequence[tuple[AttemptState, Score | None]], zone: tzinfo | None
) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET)
    for title in ("Attempt", "Started", "Problem", "Mode", "Passed"):
        table.add_column(title, no_wrap=True)
    table.add_column("Points", justify="right", no_wrap=True)
    table.add_column("Time", justify="right", no_wrap=True)
    table.add_column("End", no_wrap=True)
    for state, score in attempts:
        table.add_row(
            safe_text(state.id, STRONG),
            f"{local_time(state.started_at, zone):%Y-%m-%d}",
            safe_text(state.problem),
            state.mode.value,
            f"{accepted_levels(state)}/{len(state.levels)}",
            f"{score.total:,}" if score else "–",
            clock_text(state.spent_seconds),
            safe_text(end_words(state.end), QUIET if state.end else ""),
        )
    return table


def _history_pairs(
    attempts: Sequence[tuple[AttemptState, Score | None]], zone: tzinfo | None
) -> Group:
    """Draw two lines for each attempt: what and how it ended, and the figures below."""
    lines: list[RenderableType] = []
    for state, score in attempts:
        end = safe_text(end_words(state.end), QUIET if state.end else "")
        name = Text.assemble(safe_text(state.id, STRONG), "  ", safe_text(state.problem))
        facts = (
            f"{local_time(state.started_at, zone):%Y-%m-%d}",
            state.mode.value,
            f"passed {accepted_levels(state)}/{len(state.levels)}",
            f"{score.total:,} points" if score else "",
            clock_text(state.spent_seconds),
        )
        lines += [edges(name, end), indented(joined(facts, QUIET), 8)]
    return Group(*lines)
