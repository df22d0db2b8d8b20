"""``harness list``."""

from __future__ import annotations

import click

from harness.cli.invocation import Invocation, json_option, pass_invocation


@click.command("list", epilog="\b\nExample:\n  harness list")
@json_option
@pass_invocation
def list_command(invocation: Invocation) -> None:
    """List the problems you can rehearse."""
    from harness.cli.output import say_next, show, write_json
    from harness.model.problem import Problem
    from harness.reports.overviews import problem_document
    from harness.reports.terminal.problem_list import render_problems

    problems = invocation.app.problems()
    if invocation.as_json:
        write_json({"problems": [problem_document(each) for each in problems]})
        return
    show(invocation, render_problems(problems))
    good = [each.slug for each in problems if isinstance(each, Problem)]
    if good:
        say_next(invocation, f"harness start {good[0]}")
