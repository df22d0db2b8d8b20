"""Commands that only show something: ``statement``, ``status`` and ``history``."""

from __future__ import annotations

import click

from harness.app.overview import Standing, history, standing
from harness.app.work import level_statement
from harness.cli.invocation import Invocation, command
from harness.cli.output import say, say_next, short_path, show, state_document, write_json
from harness.reports.escaping import escape_untrusted
from harness.reports.standings import history_document


@command("statement", "harness statement 1", attempt=True)
@click.argument("level", type=click.IntRange(min=1), required=False)
def statement_command(invocation: Invocation, level: int | None) -> None:
    """Show the statement of LEVEL (default: the current level).

    Output to a pipe or a file is Markdown.
    """
    read = level_statement(invocation.session, invocation.sitting(), level)
    if invocation.as_json:
        write_json({"level": read.level, "title": read.title, "statement": read.text})
        return
    from harness.reports.terminal.page import render_statement

    show(invocation, render_statement(read.text))


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
    if state.is_open and now.unsubmitted:
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
