"""Commands that only show something: problems, statements, attempts and reports."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from harness.app.overview import Standing, history, report, standing
from harness.app.work import level_statement
from harness.cli.invocation import Invocation, command, complete_attempt, complete_level
from harness.cli.output import (
    say,
    say_next,
    short_path,
    show,
    state_document,
    write_json,
)
from harness.cli.sentences import end_sentences
from harness.errors import RequestError
from harness.model.attempt import Mode
from harness.model.problem import Problem
from harness.reports.escaping import escape_untrusted
from harness.reports.standings import history_document, problem_document

if TYPE_CHECKING:
    from harness.reports.attempt_report import AttemptReport


@command("list", "harness list")
def list_command(invocation: Invocation) -> None:
    """List the problems you can rehearse."""
    problems = invocation.session.catalog.problems()
    if invocation.as_json:
        write_json({"problems": [problem_document(problem) for problem in problems]})
        return
    from harness.reports.terminal.overview import render_problems

    show(invocation, render_problems(problems))
    good = [problem.slug for problem in problems if isinstance(problem, Problem)]
    if good:
        say_next(invocation, f"harness start {good[0]}")


@command("statement", "harness statement 1", attempt=True)
@click.argument("level", type=click.IntRange(min=1), required=False, shell_complete=complete_level)
def statement_command(invocation: Invocation, level: int | None) -> None:
    """Show the statement of LEVEL (default: the current level).

    In a terminal, one that is longer than the screen opens as a page. Output to a pipe or a file is
    Markdown.
    """
    read = level_statement(invocation.session, invocation.sitting(), level)
    if invocation.as_json:
        write_json({"level": read.level, "title": read.title, "statement": read.text})
        return
    from harness.cli.pager import show_page
    from harness.reports.terminal.page import render_statement

    show_page(invocation, render_statement(read.text))


@command("status", "harness status --json", attempt=True)
def status_command(invocation: Invocation) -> None:
    """Show the levels, the clock and the points."""
    now = standing(invocation.session, invocation.sitting())
    state = now.state
    if invocation.as_json:
        document = state_document(invocation.session, state, now.problem)
        write_json({**document, "unsubmitted": now.unsubmitted})
        return
    from harness.reports.terminal.overview import render_status

    show(invocation, render_status(now.problem, state, now.score))
    if not state.is_open:
        say(invocation, "\n" + "\n".join(end_sentences(now)))
    elif now.unsubmitted:
        since = "the last submission" if state.submissions else "the start"
        say(invocation, f"  Changed since {since}: {', '.join(now.unsubmitted)}")
    say_next(invocation, _after_status(now))


@command("history", "harness history")
def history_command(invocation: Invocation) -> None:
    """List all your attempts, newest first."""
    past, damaged = history(invocation.session)
    if invocation.as_json:
        rows = [
            {**history_document(state, score), "workspace": state.workspace}
            for state, score in past
        ]
        write_json({"attempts": rows})
        return
    from harness.reports.terminal.overview import render_history

    show(invocation, render_history(past))
    for error in damaged:
        click.echo(f"warning: {escape_untrusted(error.message)}", err=True)
    opened = [state for state, _ in past if state.is_open]
    if opened:
        click.echo("\nOpen:")
        for state in opened:
            say(invocation, f"  {state.id}  {short_path(state.workspace)}")
        say_next(invocation, f"cd {short_path(opened[0].workspace)} && harness status")
    elif past:
        say_next(invocation, f"harness report {past[0][0].id}")
    else:
        say_next(invocation, "harness list")


def _after_status(standing: Standing) -> str:
    """Return what to type next."""
    state = standing.state
    if not state.is_open:
        return "harness report" if state.pending_submission is None else "harness submit"
    if state.paused:
        return "harness resume"
    if state.pending_submission is not None:
        return "harness submit"
    if standing.tested is None and not standing.unsubmitted:
        return "harness statement"
    return "harness submit" if standing.tested and standing.unsubmitted else "harness test"


@command("report", "harness report k3f9qz")
@click.argument("attempt", required=False, shell_complete=complete_attempt)
@click.option("--editorial", is_flag=True, help="After the end: show what made each level hard.")
@click.option("--diff", is_flag=True, help="After the end: compare your code with the reference.")
def report_command(
    invocation: Invocation, attempt: str | None, editorial: bool, diff: bool
) -> None:
    """Show how an attempt went.

    ATTEMPT is an id from `harness history` (default: the attempt in the current folder). After the
    end, the report includes the editorial and a comparison of your code with the reference. On a
    terminal these appear only on request, to keep the score in sight; `harness report | less` shows
    everything.
    """
    found = report(invocation.session, attempt or invocation.sitting().state.id)
    if invocation.as_json:
        from harness.reports.attempt_report import report_document

        write_json(report_document(found))
        return
    from harness.reports.terminal.report import render_editorial, render_reference, render_report

    if editorial or diff:
        _require_debrief(found, diff=diff)
        if editorial:
            show(invocation, render_editorial(found))
        if diff:
            show(invocation, render_reference(found))
        return
    whole = not sys.stdout.isatty()
    show(invocation, render_report(found, debrief=whole))
    if not found.state.is_open:
        command = f"harness report {attempt}" if attempt else "harness report"
        pointers = [] if whole else _ways_to_debrief(found, command)
        say_next(invocation, *pointers, _next_problem(invocation, found))


def _require_debrief(report: AttemptReport, *, diff: bool) -> None:
    """Raise RequestError when what was asked for cannot be shown."""
    if report.state.is_open:
        raise RequestError(
            f"Attempt {report.state.id} is open; editorial and reference are shown after the end.",
            "harness status" if report.state.mode is Mode.EXAM else "harness finish",
        )
    if diff and not report.has_reference:
        raise RequestError(
            f"Nothing was submitted in attempt {report.state.id}, so there is nothing to compare.",
            f"harness report {report.state.id} --editorial",
        )


def _ways_to_debrief(report: AttemptReport, command: str) -> list[str]:
    """Return the commands that show what the short report leaves out."""
    ways = [f"{command} --editorial  # what made each level hard"]
    if report.has_reference:
        ways.append(f"{command} --diff  # your code and the reference")
    return ways


def _next_problem(invocation: Invocation, report: AttemptReport) -> str:
    """Return the command to rehearse next: this problem until it is solved, then another."""
    session = invocation.session
    solved = {
        state.problem
        for state in session.store.all()
        if all(level.accepted_at_seconds is not None for level in state.levels)
    }
    known = [
        each.slug for each in invocation.session.catalog.problems() if isinstance(each, Problem)
    ]
    ahead = [slug for slug in (report.problem.slug, *known) if slug in known and slug not in solved]
    return f"harness start {ahead[0]}" if ahead else "harness list"
