"""``harness list``."""

from __future__ import annotations

import click

from harness.cli.invocation import Invocation, json_option, pass_invocation


@click.command("list", epilog="\b\nExample:\n  harness list")
@json_option
@pass_invocation
def list_command(invocation: Invocation) -> None:
    """Show the problems you can rehearse."""
    from harness.cli.output import say_next, show, write_json
    from harness.reports.overviews import view_problems
    from harness.reports.terminal.problems import render_problems

    lines = view_problems(invocation.app.problems())
    if invocation.as_json:
        write_json({"problems": lines})
        return
    show(invocation, render_problems(lines))
    good = [line.slug for line in lines if not line.error]
    if good:
        say_next(invocation, f"harness start {good[0]}")
