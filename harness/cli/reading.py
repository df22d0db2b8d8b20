"""Commands that look and change nothing: ``statement``, ``status``, ``report``, ``history``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from harness.cli.completion import complete_attempt
from harness.cli.invocation import Invocation, attempt_option, json_option, pass_invocation

if TYPE_CHECKING:
    from harness.app import Standing


@click.command("statement", epilog="\b\nExample:\n  harness statement 1")
@click.argument("level", type=click.IntRange(min=1), required=False)
@attempt_option
@json_option
@pass_invocation
def statement_command(invocation: Invocation, level: int | None) -> None:
    """Read the statement of LEVEL, else of the current level."""
    from harness.cli.output import show, write_json
    from harness.reports import render_statement

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
    """See the levels, the clock and the points."""
    from harness.cli.output import say, say_next, show, write_json
    from harness.cli.wording import state_document, status_view
    from harness.reports import render_status

    standing = invocation.app.standing(invocation.sitting())
    state = standing.state
    if invocation.as_json:
        document = state_document(invocation.app, state, standing.problem)
        write_json({**document, "unsubmitted": standing.unsubmitted})
        return
    show(invocation, render_status(status_view(standing)))
    if state.is_open and standing.unsubmitted:
        since = "the last submission" if state.submissions else "the start"
        say(invocation, f"  Changed since {since}: {', '.join(standing.unsubmitted)}")
    say_next(invocation, _after_status(standing))


@click.command("report", epilog="\b\nExample:\n  harness report k3f9qz")
@click.argument("attempt", required=False, shell_complete=complete_attempt)
@json_option
@pass_invocation
def report_command(invocation: Invocation, attempt: str | None) -> None:
    """See how an attempt went.

    Once it is over, editorial and reference are shown, too. ATTEMPT is an id from
    `harness history`; without it, the attempt of the current folder is meant.
    """
    from harness.cli.output import say_next, show, write_json
    from harness.reports import render_report

    attempt = attempt or invocation.sitting().state.id
    report = invocation.app.report(attempt)
    if invocation.as_json:
        write_json(report)
        return
    show(invocation, render_report(report))
    if report.end is not None:
        say_next(invocation, f"harness start {report.problem}")


@click.command("history", epilog="\b\nExample:\n  harness history")
@json_option
@pass_invocation
def history_command(invocation: Invocation) -> None:
    """See all your attempts, the newest first."""
    from harness.cli.output import say, say_next, show, write_json
    from harness.cli.wording import short_path
    from harness.model.plain import to_plain
    from harness.reports import render_history, view_history
    from harness.reports.escaping import escape_untrusted

    past = invocation.app.history()
    scores = {each.state.id: each.score for each in past if each.score is not None}
    lines = view_history([each.state for each in past], scores)
    folders = [each.state.workspace for each in past]
    if invocation.as_json:
        rows = [
            {**to_plain(line), "workspace": folder}
            for line, folder in zip(lines, folders, strict=True)
        ]
        write_json({"attempts": rows})
        return
    show(invocation, render_history(lines))
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
    """Say what to type now."""
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
