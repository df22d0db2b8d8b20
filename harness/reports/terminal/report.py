"""``harness report``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from harness.model.attempt import LevelState
from harness.model.judgement import Suite, Verdict
from harness.reports.attempt_report import AttemptReport, StuckCase, TimelineEntry
from harness.reports.standings import level_seconds, planned_seconds, standing_of
from harness.reports.terminal.overview import BONUS, level_mark, plan_text, title_line
from harness.reports.terminal.page import (
    BAD,
    NOT_CERTIFIED,
    OK,
    QUIET,
    STRONG,
    WARN,
    Fitting,
    Page,
    Prose,
    Verbatim,
    edges,
    indented,
    joined,
    safe_text,
)
from harness.words import (
    clock_text,
    count_text,
    end_words,
    local_time,
    ordinal_text,
    points_text,
    sandbox_text,
    verdict_words,
)

_ROOM_FOR_TITLES = 18
"""Columns that a title needs at least; where there are fewer, each level gets two lines."""


def render_report(
    report: AttemptReport, zone: tzinfo | None = None, *, debrief: bool = True
) -> Page:
    """Draw the report.

    ``zone``: for times of day; None for the system's. ``debrief``: with the editorial and the
    reference after the end.
    """
    parts: list[RenderableType] = [
        *_head(report, zone),
        Text(),
        Fitting(_levels_table(report), _levels_list(report)),
        Text(),
        *(Text(line, style=QUIET) for line in _legend(report)),
    ]
    for title, body in _sections(report):
        parts += [Text(), Text(title, style=STRONG), indented(body, 2)]
    if debrief and report.editorial:
        parts += [Text(), render_editorial(report)]
    if debrief and report.has_reference:
        parts += [Text(), render_reference(report)]
    if not report.state.is_open:
        parts += [Text(), *_recap(report)]
    return Page(*parts)


def render_editorial(report: AttemptReport) -> Page:
    """Draw the editorial; nothing while it may not be shown."""
    return Page(Prose(report.editorial or ""))


def render_reference(report: AttemptReport) -> Page:
    """Draw the diff to the reference, or the reference where a diff would be unreadable.

    Nothing while it may not be shown.
    """
    level = report.reference_level
    if report.reference is not None:
        title = f"The reference of level {level}; your code is too different for a diff"
        lines = ((line, "") for line in report.reference.split("\n"))
        return Page(Text(title, style=STRONG), Text(), Verbatim(lines))
    if report.reference_diff is None:
        return Page()
    if not report.reference_diff:
        return Page(Text(f"Your code is identical to the reference of level {level}."))
    title = f"From your code (−) to the reference of level {level} (+)"
    styles = {"+": OK, "-": BAD, "@": QUIET}
    lines = ((line, styles.get(line[:1], "")) for line in report.reference_diff.split("\n"))
    return Page(Text(title, style=STRONG), Text(), Verbatim(lines))


def _legend(report: AttemptReport) -> Iterator[str]:
    yield "Runs: submissions + test runs. Lines: added and removed since the level before."
    yield f"Plan: {plan_text(report.problem, report.state)}."
    if any(level.max_bonus for level in report.score.levels):
        yield f"Bonus: {BONUS}."
    if report.state.submissions:
        label = report.score.label.capitalize()
        yield f"{label}: your share of the points on a scale from 200 to 600."
    if report.last is not None and report.last.instead_of:
        yield f"Another sandbox was chosen, but {report.last.instead_of}."
    if report.last is not None and not report.last.certified:
        yield NOT_CERTIFIED


def _recap(report: AttemptReport) -> Iterator[Text]:
    """Repeat the totals, because the table may have scrolled away."""
    state, score = report.state, report.score
    estimate = f"{score.label} {score.estimate} of 600" if state.submissions else ""
    points = points_text(score.total, score.max)
    yield joined([Text(f"Score  {points}", style=STRONG), safe_text(estimate)])
    time = f"{clock_text(state.spent_seconds)} of {clock_text(state.allowed_seconds)}"
    yield joined([Text(f"Time   {time}", style=STRONG), end_words(state.end)])


def _head(report: AttemptReport, zone: tzinfo | None) -> Iterator[RenderableType]:
    problem, state, last = report.problem, report.state, report.last
    name = title_line(problem.slug, f"{problem.manifest.title} {state.problem_version}")
    yield edges(name, f"{state.mode} · {state.id}")
    started = f"{local_time(state.started_at, zone):%Y-%m-%d %H:%M}"
    ended = f" – {local_time(state.ended_at, zone):%H:%M}" if state.ended_at else ""
    spent = f"{clock_text(state.spent_seconds)} of {clock_text(state.allowed_seconds)}"
    pauses = count_text(state.pauses, "pause") if state.pauses else ""
    extensions = count_text(state.extensions, "extension") if state.extensions else ""
    facts = [started + ended, spent, end_words(state.end), pauses, extensions]
    yield joined(facts)
    if last is None:
        judging = "nothing judged yet; harness submit judges the recorded submission"
        yield Text(judging if state.submissions else "nothing submitted", style=QUIET)
        return
    backend = sandbox_text(last.backend, last.tier)
    yield joined(
        [
            Text(f"judged by {backend}", style=QUIET),
            safe_text(last.interpreter, QUIET),
            Text("" if last.certified else "not certified", style=WARN),
        ],
        style=QUIET,
    )


def _levels_list(report: AttemptReport) -> Group:
    """Draw each level on two lines, for a narrow terminal."""
    problem, state = report.problem, report.state
    lines: list[RenderableType] = []
    for level in state.levels:
        spent, churn = level_seconds(state, level.number), report.churn.get(level.number)
        plan = clock_text(planned_seconds(problem, state, level.number))
        mark = level_mark(standing_of(state, level.number))
        facts = [
            f"{level.passed}/{level.total} cases" if level.total else "",
            f"plan {plan}" if spent is None else f"{clock_text(spent)} of {plan}",
            f"{level.submissions}+{level.test_runs} runs" if spent is not None else "",
            f"+{churn[0]} −{churn[1]} lines" if churn else "",
        ]
        name = mark + safe_text(f"{level.number}  {_title(report, level)}")
        lines.append(edges(name, _points(report, level)))
        lines.append(indented(joined(facts, QUIET), 6))
    total = points_text(report.score.total, report.score.max)
    lines.append(edges(Text("      Total", style=STRONG), Text(total, style=STRONG)))
    return Group(*lines)


def _levels_table(report: AttemptReport) -> Table:
    problem, state, score = report.problem, report.state, report.score
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET, expand=True)
    # A folded title continues in its own column, so it does not look like another level.
    table.add_column(width=4, no_wrap=True)
    longest = max(len(_title(report, level)) for level in state.levels)
    table.add_column("Level", ratio=1, min_width=min(longest, _ROOM_FOR_TITLES))
    for title in ("Points", "Cases", "Time", "Plan", "Runs", "Lines"):
        table.add_column(title, justify="right", no_wrap=True)
    for level in state.levels:
        _add_level(table, report, level)
    planned = sum(planned_seconds(problem, state, level.number) for level in state.levels)
    table.add_row(
        "",
        Text("Total", style=STRONG),
        Text(points_text(score.total, score.max), style=STRONG),
        "",
        clock_text(state.spent_seconds),
        Text(clock_text(planned), style=QUIET),
        f"{state.submissions}+{sum(level.test_runs for level in state.levels)}",
    )
    if state.submissions:
        table.add_row("", safe_text(score.label.capitalize()), f"{score.estimate} of 600")
    return table


def _add_level(table: Table, report: AttemptReport, level: LevelState) -> None:
    standing = standing_of(report.state, level.number)
    quiet = QUIET if standing == "locked" else ""
    spent, churn = level_seconds(report.state, level.number), report.churn.get(level.number)
    planned = planned_seconds(report.problem, report.state, level.number)
    table.add_row(
        level_mark(standing) + safe_text(str(level.number), quiet),
        safe_text(_title(report, level), quiet),
        safe_text(_points(report, level), quiet),
        f"{level.passed}/{level.total}" if level.total else "",
        "" if spent is None else clock_text(spent),
        safe_text(clock_text(planned), QUIET),
        f"{level.submissions}+{level.test_runs}" if spent is not None else "",
        f"+{churn[0]} −{churn[1]}" if churn else "",
    )


def _title(report: AttemptReport, level: LevelState) -> str:
    """Return the title of a level, and what of it was not the candidate's own."""
    helped = ["revealed"] if level.revealed else []
    if level.hints:
        helped.append(count_text(level.hints, "hint"))
    title = report.problem.level(level.number).title
    return f"{title} ({', '.join(helped)})" if helped else title


def _points(report: AttemptReport, level: LevelState) -> str:
    worth = report.score.of_level(level.number)
    if worth.bonus:
        return f"{worth.points:,} + {worth.bonus:,} bonus"
    return points_text(worth.points, worth.max_total)


def _sections(report: AttemptReport) -> Iterator[tuple[str, RenderableType]]:
    """Yield the sections that are not empty."""
    if report.failed_longest:
        yield "What failed longest", _failed_longest(report.failed_longest)
    if report.timeline:
        yield "Runs", _timeline(report.timeline)
    if report.state.notices:
        yield "Notices", Text("\n").join(safe_text(notice) for notice in report.state.notices)


def _failed_longest(cases: Mapping[int, StuckCase]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0), expand=True, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    for number, stuck in cases.items():
        how_long = f"{clock_text(stuck.seconds)}, {count_text(stuck.submissions, 'submission')}"
        title = (stuck.title or stuck.case).removesuffix(".")
        more = f" and {stuck.others} more" if stuck.others else ""
        table.add_row(str(number), safe_text(title + more), how_long)
    return table


def _timeline(entries: Sequence[TimelineEntry]) -> Table:
    """Draw the submissions, and count the test runs between them."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    tests: list[TimelineEntry] = []
    for entry in [*entries, None]:
        if entry is not None and entry.suite is Suite.VISIBLE:
            tests.append(entry)
            continue
        if tests:
            last = tests[-1]
            words = (
                f"{count_text(len(tests), 'test run')}, the last with {last.passed}/{last.total}"
            )
            row = [clock_text(tests[0].at_seconds), f"level {last.level}", words]
            table.add_row(*(Text(cell, style=QUIET) for cell in row))
            tests = []
        if entry is not None:
            style = OK if entry.verdict is Verdict.ACCEPTED else BAD
            words = f"submitted, {entry.passed}/{entry.total}"
            verdict = Text(verdict_words(entry.verdict), style=style)
            if entry.tries > 1:
                verdict.append(f" (judged at the {ordinal_text(entry.tries)} try)")
            table.add_row(clock_text(entry.at_seconds), f"level {entry.level}", words, verdict)
    return table
