"""``harness report``."""

from __future__ import annotations

import sys

import click

from harness.app.overview import report
from harness.cli.completion import complete_attempt
from harness.cli.invocation import Invocation, command
from harness.cli.output import say_next, show, write_json
from harness.errors import RequestError
from harness.model.problem import Problem
from harness.reports.attempt_report import AttemptReport, report_document


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
            "harness finish",
        )
    if diff and not report.has_reference:
        raise RequestError(
            f"Nothing was submitted in attempt {report.state.id}, so there is nothing to compare.",
            f"harness report {report.state.id} --editorial",
        )


def _ways_to_debrief(report: AttemptReport, command: str) -> list[str]:
    """Return the commands that show what the short report leaves out."""
    ways = [f"{command} --editorial  (what made each level hard)"]
    if report.has_reference:
        ways.append(f"{command} --diff  (your code and the reference)")
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
