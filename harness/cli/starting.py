"""``harness start``."""

from __future__ import annotations

from pathlib import Path

import click

from harness.app.session import Sitting
from harness.app.work import level_statement, run_tests, start
from harness.cli.invocation import (
    Choice,
    Invocation,
    command,
    complete_problem,
    confirm,
    has_screen,
    in_terminal,
)
from harness.cli.judging import LiveProgress, judgement_json
from harness.cli.output import (
    exit_code,
    say,
    say_next,
    short_path,
    show,
    state_document,
    write_json,
)
from harness.cli.watch import watch_attempt
from harness.errors import ExitCode, RequestError
from harness.model.attempt import Mode
from harness.model.judgement import Feedback
from harness.model.problem import Problem
from harness.reports.terminal.overview import render_status
from harness.reports.terminal.page import render_statement
from harness.reports.terminal.results import render_summary
from harness.words import quoted


@command("start", "harness start kv_store --mode exam --editor vscode")
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
    type=Choice(["exam", "practice"]),
    help="Practice allows pauses, extensions and hints.",
)
@click.option(
    "--feedback",
    type=Choice(["full", "calls", "names", "none"]),
    help="How much to show of failing hidden tests (else full in practice, names in an exam).",
)
@click.option(
    "--editor",
    type=Choice(["vscode", "vim", "none"]),
    help="Turn off this editor's completion and AI assistants in the workspace.",
)
@click.option("--watch/--no-watch", default=None, help="Start watching (default in a terminal).")
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
    if watch and not has_screen():
        raise RequestError("--watch needs a terminal.", "harness start NAME --no-watch")
    sitting = start(
        invocation.session,
        _certain(invocation, problem) if problem else _choose(invocation),
        directory=directory,
        minutes=minutes,
        mode=Mode(mode) if mode else None,
        feedback=Feedback(feedback) if feedback else None,
        editor=editor,
    )
    reads_in_watch = watch is not False and not invocation.as_json and has_screen()
    if not invocation.as_json:
        _welcome(invocation, sitting, statement=not reads_in_watch)
    if not reads_in_watch:
        return _try_skeleton(invocation, sitting)
    say(invocation, _clock_line(invocation, sitting))
    return watch_attempt(invocation, sitting, run=False)


def _certain(invocation: Invocation, typed: str) -> str:
    """Return the name of the problem; one that was guessed is asked back before a clock starts."""
    slug = invocation.session.catalog.meant(typed)
    if slug != typed:
        again = f"harness start {quoted(slug)}"
        if invocation.as_json or not in_terminal():
            message = f"There is no problem '{typed}'. Did you mean {slug}?"
            raise RequestError(message, again)
        confirm(invocation, f"There is no problem '{typed}'. Start {slug}?", again, yes=False)
    return slug


def _choose(invocation: Invocation) -> str:
    """Let the user choose from a numbered list."""
    if invocation.as_json or not in_terminal():
        raise RequestError("Which problem?", "harness list  # then: harness start NAME")
    problems = invocation.session.catalog.problems()
    good = [problem for problem in problems if isinstance(problem, Problem)]
    if not good:
        raise RequestError("No problem can be started.", "harness doctor")
    width = max(len(problem.slug) for problem in good)
    for number, problem in enumerate(good, start=1):
        say(invocation, f"{number:3}  {problem.slug:<{width}}  {problem.manifest.title}")
    chosen = click.prompt("\nWhich one", type=click.IntRange(1, len(good)), default=1)
    return good[chosen - 1].slug


def _welcome(invocation: Invocation, sitting: Sitting, *, statement: bool) -> None:
    """Print the levels, and the statement of level 1 unless the watch shows it."""
    session, state = invocation.session, sitting.state
    problem = session.problem(state)
    show(invocation, render_status(problem, state, session.score(problem, state)))
    if not statement:
        return
    click.echo()
    show(invocation, render_statement(level_statement(session, sitting).text))


def _clock_line(invocation: Invocation, sitting: Sitting) -> str:
    """Return the line that says where to work, and that the clock is running."""
    state = sitting.state
    module = invocation.session.problem(state).manifest.module
    rules = ""
    if state.mode is Mode.EXAM:
        rules = " Exam: no pauses, no hints; your last submission counts."
    return f"\nEdit {short_path(state.workspace / f'{module}.py')}. The clock is running.{rules}"


def _try_skeleton(invocation: Invocation, sitting: Sitting) -> ExitCode:
    """Without watching, show how the skeleton fares in the tests; the run is not recorded."""
    session = invocation.session
    with LiveProgress(invocation, "testing") as progress:
        tested = run_tests(session, sitting, "", progress, recorded=False)
    workspace = tested.state.workspace
    if invocation.as_json:
        write_json(
            {
                "attempt": tested.state.id,
                "workspace": workspace,
                "status": state_document(session, tested.state, tested.problem),
                "statement": level_statement(session, sitting).text,
                "judgement": judgement_json(tested),
            }
        )
    else:
        # All fail, and details are of no use before the statement is read.
        say(invocation, "\nThe skeleton, run once to check that everything works:")
        show(invocation, render_summary(tested.judgement, tested.state.feedback))
        say(invocation, _clock_line(invocation, sitting))
        say_next(invocation, f"cd {short_path(workspace)} && harness test")
    failed = exit_code(tested.judgement) is ExitCode.INTERNAL
    return ExitCode.INTERNAL if failed else ExitCode.OK
