"""``harness start``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli.completion import complete_problem
from harness.cli.invocation import Invocation, in_terminal, json_option, pass_invocation
from harness.errors import ExitCode, RequestError

if TYPE_CHECKING:
    from harness.app import Started, StartRequest


@click.command("start", epilog="\b\nExample:\n  harness start kv_store --mode exam --editor vscode")
@click.argument("problem", required=False, shell_complete=complete_problem)
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the workspace; must be missing or empty (else a new one in ~/harness).",
)
@click.option(
    "--minutes", type=click.IntRange(1, 600), help="Time limit in minutes (else the problem's)."
)
@click.option(
    "--mode",
    type=click.Choice(["exam", "practice"]),
    help="Practice allows pauses, extensions and hints.",
)
@click.option(
    "--feedback",
    type=click.Choice(["full", "calls", "names", "none"]),
    help="How much to show of failing hidden tests (else full in practice, names in an exam).",
)
@click.option(
    "--editor",
    type=click.Choice(["vscode", "vim", "none"]),
    help="Turn off this editor's completion and AI assistants in the workspace.",
)
@click.option("--watch/--no-watch", default=None, help="Start watching (default in a terminal).")
@json_option
@pass_invocation
def start_command(
    invocation: Invocation,
    problem: str | None,
    directory: Path | None,
    minutes: int | None,
    mode: str | None,
    feedback: str | None,
    editor: str | None,
    watch: bool | None,
) -> ExitCode:
    """Start an attempt on PROBLEM in a new workspace. The clock starts at once."""
    if watch and not in_terminal():
        raise RequestError("--watch needs a terminal.", "harness start NAME --no-watch")
    from harness.cli.output import say

    slug = problem or _choose(invocation)
    request = _request(slug, directory, minutes, mode, feedback, editor)
    started = invocation.app.start(request)
    if not invocation.as_json:
        _welcome(invocation, started)
    if watch is False or invocation.as_json or not in_terminal():
        return _try_skeleton(invocation, started)
    say(invocation, _clock_line(started))
    from harness.cli.watching.session import watch_attempt

    return watch_attempt(invocation, started.sitting, run=False)


def _request(
    slug: str,
    directory: Path | None,
    minutes: int | None,
    mode: str | None,
    feedback: str | None,
    editor: str | None,
) -> StartRequest:
    from harness.app import StartRequest
    from harness.model.attempt import Mode
    from harness.model.judgement import Feedback

    return StartRequest(
        slug=slug,
        directory=directory,
        minutes=minutes,
        mode=Mode(mode) if mode else None,
        feedback=Feedback(feedback) if feedback else None,
        editor=editor,
    )


def _choose(invocation: Invocation) -> str:
    """Let the user choose from a numbered list."""
    from harness.cli.output import say
    from harness.model.problem import Problem

    if invocation.as_json or not in_terminal():
        raise RequestError("Which problem?", "harness list, then: harness start NAME")
    good = [each for each in invocation.app.problems() if isinstance(each, Problem)]
    if not good:
        raise RequestError("No problem can be started.", "harness doctor")
    width = max(len(each.slug) for each in good)
    for number, each in enumerate(good, start=1):
        say(invocation, f"{number:3}  {each.slug:<{width}}  {each.manifest.title}")
    chosen = click.prompt("\nWhich one", type=click.IntRange(1, len(good)), default=1)
    return good[chosen - 1].slug


def _welcome(invocation: Invocation, started: Started) -> None:
    """Print the levels and the statement of level 1."""
    from harness.cli.output import show
    from harness.reports.terminal.prose import render_statement
    from harness.reports.terminal.status import render_status

    state, problem = started.sitting.state, started.problem
    show(invocation, render_status(problem, state, invocation.app.score(state)))
    click.echo()
    show(invocation, render_statement(started.statement))


def _clock_line(started: Started) -> str:
    """Return the line that says where to work, and that the clock is running."""
    from harness.cli.wording import short_path

    state = started.sitting.state
    file = short_path(state.workspace / f"{started.problem.manifest.module}.py")
    rules = (
        " Exam: no pauses, no hints; your last submission counts." if state.mode == "exam" else ""
    )
    return f"\nEdit {file}. The clock is running.{rules}"


def _try_skeleton(invocation: Invocation, started: Started) -> ExitCode:
    """Without watching, show how the skeleton fares in the tests; the run is not recorded."""
    from harness.cli.output import say, say_next, show, write_json
    from harness.cli.progress import LiveProgress
    from harness.cli.wording import (
        exit_code,
        judgement_json,
        short_path,
        state_document,
    )
    from harness.reports.terminal.results import render_summary

    app = invocation.app
    with LiveProgress(invocation, "testing") as progress:
        tested = app.test(started.sitting, "", progress, recorded=False)
    if invocation.as_json:
        document = state_document(app, tested.state, started.problem)
        write_json(
            {
                "attempt": tested.state.id,
                "workspace": tested.state.workspace,
                "status": document,
                "statement": started.statement,
                "judgement": judgement_json(tested),
            }
        )
    else:
        # All fail, and details are of no use before the statement is read.
        say(invocation, "\nThe skeleton, run once to check that everything works:")
        show(invocation, render_summary(tested.judgement, tested.state.feedback))
        say(invocation, _clock_line(started))
        folder = short_path(started.sitting.state.workspace)
        say_next(invocation, f"cd {folder} && harness test")
    failed = exit_code(tested.judgement) is ExitCode.INTERNAL
    return ExitCode.INTERNAL if failed else ExitCode.OK
