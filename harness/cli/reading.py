"""Commands that only show something: ``statement``, ``status``, ``report``, ``history``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from harness.cli.completion import complete_attempt
from harness.cli.invocation import Invocation, attempt_option, json_option, pass_invocation
from harness.errors import RequestError

if TYPE_CHECKING:
    from harness.app import Standing
    from harness.reports.attempt_report import AttemptReport


@click.command("statement", epilog="\b\nExample:\n  harness statement 1")
@click.argument("level", type=click.IntRange(min=1), required=False)
@attempt_option
@json_option
@pass_invocation
def statement_command(invocation: Invocation, level: int | None) -> None:
    """Show the statement of LEVEL (default: the current level).

    Output to a pipe or a file is Markdown.
    """
    from harness.cli.output import show, write_json
    from harness.reports.terminal.prose import render_statement

    statement = invocation.app.statement(invocation.sitting(), level)
    if invocation.as_json:
        write_json(
            {"level": statement.level, "title": statement.title, "statement": statement.text}
        )
        return
    show(invocation, render_statement(statement.text))


@click.command("status", epilog="\b\nExample:\n  harness status --json")
@attempt_option
@json_option
@pass_invocation
def status_command(invocation: Invocation) -> None:
    """Show the levels, the clock and the points."""
    from harness.cli.output import say, say_next, show, write_json
    from harness.cli.wording import state_document
    from harness.reports.terminal.status import render_status

    standing = invocation.app.standing(invocation.sitting())
    state = standing.state
    if invocation.as_json:
        document = state_document(invocation.app, state, standing.problem)
        write_json({**document, "unsubmitted": standing.unsubmitted})
        return
    show(invocation, render_status(standing.problem, state, standing.score))
    if state.is_open and standing.unsubmitted:
        since = "the last submission" if state.submissions else "the start"
        say(invocation, f"  Changed since {since}: {', '.join(standing.unsubmitted)}")
    say_next(invocation, _after_status(standing))


@click.command("report", epilog="\b\nExample:\n  harness report k3f9qz")
@click.argument("attempt", required=False, shell_complete=complete_attempt)
@click.option("--editorial", is_flag=True, help="After the end: show what made each level hard.")
@click.option("--diff", is_flag=True, help="After the end: compare your code with the reference.")
@json_option
@pass_invocation
def report_command(
    invocation: Invocation, attempt: str | None, editorial: bool, diff: bool
) -> None:
    """Show how an attempt went.

    ATTEMPT is an id from `harness history` (default: the attempt in the current folder). After the
    end, the report includes the editorial and a comparison of your code with the reference. On a
    terminal these appear only on request, to keep the score in sight; `harness report | less` shows
    everything.
    """
    from harness.cli.output import say_next, show, write_json
    from harness.reports.attempt_report import report_document
    from harness.reports.terminal.report import render_editorial, render_reference, render_report

    report = invocation.app.report(attempt or invocation.sitting().state.id)
    if invocation.as_json:
        write_json(report_document(report))
        return
    if editorial or diff:
        _require_debrief(report, diff=diff)
        if editorial:
            show(invocation, render_editorial(report))
        if diff:
            show(invocation, render_reference(report))
        return
    whole = not sys.stdout.isatty()
    show(invocation, render_report(report, debrief=whole))
    if not report.state.is_open:
        command = f"harness report {attempt}" if attempt else "harness report"
        pointers = [] if whole else _ways_to_debrief(report, command)
        say_next(invocation, *pointers, _next_problem(invocation, report))


def _require_debrief(report: AttemptReport, *, diff: bool) -> None:
    """Raise RequestError when what was asked for cannot be shown."""
    from harness.reports.terminal.report import has_reference

    if report.state.is_open:
        raise RequestError(
            f"Attempt {report.state.id} is open; editorial and reference are shown after the end.",
            "harness finish",
        )
    if diff and not has_reference(report):
        raise RequestError(
            f"Nothing was submitted in attempt {report.state.id}, so there is nothing to compare.",
            f"harness report {report.state.id} --editorial",
        )


def _ways_to_debrief(report: AttemptReport, command: str) -> list[str]:
    """Return the commands that show what the short report leaves out."""
    from harness.reports.terminal.report import has_reference

    ways = [f"{command} --editorial  (what made each level hard)"]
    if has_reference(report):
        ways.append(f"{command} --diff  (your code and the reference)")
    return ways


def _next_problem(invocation: Invocation, report: AttemptReport) -> str:
    """Return the command to rehearse next: this problem until it is solved, then another."""
    from harness.model.problem import Problem

    past = [each.state for each in invocation.app.history()]
    solved = {
        state.problem
        for state in past
        if all(level.accepted_at_seconds is not None for level in state.levels)
    }
    known = [each.slug for each in invocation.app.problems() if isinstance(each, Problem)]
    ahead = [slug for slug in (report.problem.slug, *known) if slug in known and slug not in solved]
    return f"harness start {ahead[0]}" if ahead else "harness list"


@click.command("history", epilog="\b\nExample:\n  harness history")
@json_option
@pass_invocation
def history_command(invocation: Invocation) -> None:
    """List all your attempts, newest first."""
    from harness.cli.output import say, say_next, show, write_json
    from harness.cli.wording import short_path
    from harness.reports.escaping import escape_untrusted
    from harness.reports.overviews import history_document
    from harness.reports.terminal.history import render_history

    past = invocation.app.history()
    if invocation.as_json:
        rows = [
            {**history_document(each.state, each.score), "workspace": each.state.workspace}
            for each in past
        ]
        write_json({"attempts": rows})
        return
    show(invocation, render_history([(each.state, each.score) for each in past]))
    for error in invocation.app.damaged():
        click.echo(f"warning: {escape_untrusted(error.message)}", err=True)
    opened = [each.state for each in past if each.state.is_open]
    if opened:
        click.echo("\nOpen:")
        for state in opened:
            say(invocation, f"  {state.id}  {short_path(state.workspace)}")
        say_next(invocation, f"cd {short_path(opened[0].workspace)} && harness status")
    elif past:
        say_next(invocation, f"harness report {past[0].state.id}")
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
