"""``harness list``."""

from __future__ import annotations

from harness.cli.invocation import Invocation, command
from harness.cli.output import say_next, show, write_json
from harness.model.problem import Problem
from harness.reports.standings import problem_document


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
