"""``harness report``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from harness.model.judgement import Suite
from harness.model.verdict import Verdict
from harness.reports.attempt_report import AttemptReport, LevelReport, TimelineEntry
from harness.reports.terminal.page import (
    BAD,
    OK,
    QUIET,
    STRONG,
    WARN,
    Page,
    Verbatim,
    edges,
    indented,
    joined,
    safe_text,
)
from harness.reports.terminal.statement import Prose
from harness.reports.terminal.status import level_mark, title_line
from harness.reports.wording import (
    clock_text,
    count_text,
    end_words,
    points_text,
    verdict_words,
)

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text


def render_report(
    report: AttemptReport, zone: tzinfo | None = None, *, debrief: bool = True
) -> Page:
    """Draw the report. ``zone``: for the times of day; None for that of the system.

    ``debrief``: with the editorial and the reference, once the attempt is over.
    """
    from rich.text import Text

    parts: list[RenderableType] = [
        *_head(report, zone),
        Text(),
        _levels(report),
        Text(),
        *(Text(line, style=QUIET) for line in _legend(report)),
    ]
    for title, body in _sections(report):
        parts += [Text(), Text(title, style=STRONG), indented(body, 2)]
    if debrief and report.editorial:
        parts += [Text(), render_editorial(report)]
    if debrief and has_reference(report):
        parts += [Text(), render_reference(report)]
    if report.end is not None:
        parts += [Text(), *_recap(report)]
    return Page(*parts)


def render_editorial(report: AttemptReport) -> Page:
    """Draw the editorial; nothing while there is none to be shown."""
    return Page(Prose(report.editorial or ""))


def render_reference(report: AttemptReport) -> Page:
    """Draw the candidate's code against the reference, or the reference where a diff is of no use.

    Nothing while there is none to be shown.
    """
    from rich.text import Text

    level = report.reference_level
    if report.reference is not None:
        title = f"The reference of level {level}; your code is too different for a diff"
        lines = ((line, "") for line in report.reference.split("\n"))
        return Page(Text(title, style=STRONG), Text(), Verbatim(lines))
    if report.reference_diff is None:
        return Page()
    if not report.reference_diff:
        return Page(Text(f"Your code is the reference of level {level}, to the letter."))
    title = f"From your code (−) to the reference of level {level} (+)"
    return Page(Text(title, style=STRONG), Text(), _diff(report.reference_diff))


def has_reference(report: AttemptReport) -> bool:
    """Tell whether there is a reference to be shown; an empty diff is one, too."""
    return report.reference_diff is not None or report.reference is not None


def _legend(report: AttemptReport) -> Iterator[str]:
    yield "Runs: submissions + test runs. Lines: added and removed since the level before."
    if report.submissions:
        label = report.score.label.capitalize()
        yield f"{label}: your share of the points on a scale from 200 to 600."
    if report.certified is False:
        yield "Not certified: this box could not stop a hostile solution. See: harness doctor"


def _recap(report: AttemptReport) -> Iterator[Text]:
    """Say again what it comes to: the table may have scrolled away."""
    from rich.text import Text

    estimate = f"{report.score.label} {report.score.estimate} of 600" if report.submissions else ""
    points = points_text(report.points, report.max_points)
    yield joined([Text(f"Score  {points}", style=STRONG), safe_text(estimate)])
    time = f"{clock_text(report.spent_seconds)} of {clock_text(report.allowed_seconds)}"
    yield joined([Text(f"Time   {time}", style=STRONG), end_words(report.end)])


def _head(report: AttemptReport, zone: tzinfo | None) -> Iterator[RenderableType]:
    from rich.text import Text

    name = title_line(report.problem, f"{report.title} {report.problem_version}")
    yield edges(name, f"{report.mode} · {report.attempt}")
    started = f"{report.started_at.astimezone(zone):%Y-%m-%d %H:%M}"
    ended = f" – {report.ended_at.astimezone(zone):%H:%M}" if report.ended_at else ""
    spent = f"{clock_text(report.spent_seconds)} of {clock_text(report.allowed_seconds)}"
    pauses = count_text(report.pauses, "pause") if report.pauses else ""
    extensions = count_text(report.extensions, "extension") if report.extensions else ""
    facts = [started + ended, spent, end_words(report.end), pauses, extensions]
    yield joined(facts)
    if report.certified is None:
        way = "; harness submit judges what is recorded" if report.submissions else ""
        yield Text(f"nothing judged yet{way}", style=QUIET)
        return
    backend = f"{report.backend} ({report.tier})" if report.tier else report.backend
    yield joined(
        [
            Text(f"judged by {backend}", style=QUIET),
            safe_text(report.interpreter, QUIET),
            Text("" if report.certified else "not certified", style=WARN),
        ],
        style=QUIET,
    )


def _levels(report: AttemptReport) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET, expand=True)
    # A title that is folded stands below itself, and cannot be taken for a level of its own.
    table.add_column(width=4, no_wrap=True)
    table.add_column("Level", ratio=1)
    for title in ("Points", "Cases", "Time", "Plan", "Runs", "Lines"):
        table.add_column(title, justify="right", no_wrap=True)
    for level in report.levels:
        _add_level(table, level)
    table.add_row(
        "",
        Text("Total", style=STRONG),
        Text(points_text(report.points, report.max_points), style=STRONG),
        "",
        clock_text(report.spent_seconds),
        Text(clock_text(60 * sum(level.suggested_minutes for level in report.levels)), style=QUIET),
        f"{report.submissions}+{sum(level.test_runs for level in report.levels)}",
    )
    if report.submissions:
        estimate = f"{report.score.estimate} of 600"
        table.add_row("", safe_text(report.score.label.capitalize()), estimate)
    return table


def _add_level(table: Table, level: LevelReport) -> None:
    quiet = QUIET if level.standing == "locked" else ""
    title = f"{level.title} (revealed)" if level.standing == "revealed" else level.title
    spent, added = level.spent_seconds, level.lines_added
    table.add_row(
        level_mark(level.standing) + safe_text(str(level.number), quiet),
        safe_text(title, quiet),
        safe_text(_points(level), quiet),
        f"{level.passed}/{level.total}" if level.total else "",
        "" if spent is None else clock_text(spent),
        safe_text(clock_text(level.suggested_minutes * 60), QUIET),
        f"{level.submissions}+{level.test_runs}" if spent is not None else "",
        "" if added is None else f"+{added} −{level.lines_removed}",
    )


def _points(level: LevelReport) -> str:
    if level.bonus:
        return f"{level.points:,} + {level.bonus:,} bonus"
    return points_text(level.points, level.max_points + level.max_bonus)


def _sections(report: AttemptReport) -> Iterator[tuple[str, RenderableType]]:
    """Yield the sections that have something to say."""
    from rich.text import Text

    if any(level.failed_longest for level in report.levels):
        yield "What failed longest", _failed_longest(report.levels)
    if report.timeline:
        yield "Runs", _timeline(report.timeline)
    if report.notices:
        yield "Notices", Text("\n").join(safe_text(notice) for notice in report.notices)


def _failed_longest(levels: Sequence[LevelReport]) -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0), expand=True, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    for level in levels:
        stuck = level.failed_longest
        if stuck:
            how_long = f"{clock_text(stuck.seconds)}, {count_text(stuck.submissions, 'submission')}"
            title = (stuck.title or stuck.case).removesuffix(".")
            more = f" and {stuck.others} more" if stuck.others else ""
            table.add_row(str(level.number), safe_text(title + more), how_long)
    return table


def _timeline(entries: Sequence[TimelineEntry]) -> Table:
    """Draw the submissions; test runs between them are only counted."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    for _ in range(3):
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
            table.add_row(clock_text(entry.at_seconds), f"level {entry.level}", words, verdict)
    return table


def _diff(diff: str) -> Verbatim:
    """Colour a unified diff; also without colour each line begins with its sign."""
    styles = {"+": OK, "-": BAD, "@": QUIET}
    return Verbatim((line, styles.get(line[:1], "")) for line in diff.split("\n"))
