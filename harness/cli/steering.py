"""Commands that steer an attempt: its clock, its files and its end."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from harness.app.overview import report, standing
from harness.app.restoring import Rewritten, reset, resettable, restore, undo
from harness.app.work import RevealCost, cost_of_reveal, finish, reveal
from harness.cli.invocation import (
    Invocation,
    command,
    complete_attempt,
    complete_file,
    confirm,
    here,
    yes_option,
)
from harness.cli.judging import LiveProgress
from harness.cli.output import say, say_next, short_path, state_document, write_json
from harness.errors import ExitCode
from harness.model.attempt import AttemptState
from harness.reports.attempt_report import report_document
from harness.words import count_text, points_text, quoted, remaining_text


@command("pause", "harness pause", attempt=True)
def pause_command(invocation: Invocation) -> None:
    """Stop the clock (practice only)."""
    state = invocation.session.store.pause(invocation.sitting().state.id)
    _show_clock(invocation, state, "Paused", "harness resume")


@command("resume", "harness resume", attempt=True)
def resume_command(invocation: Invocation) -> None:
    """Start the clock again."""
    state = invocation.session.store.resume(invocation.sitting().state.id)
    _show_clock(invocation, state, "Resumed", "harness watch")


@command("extend", "harness extend 15", attempt=True)
@click.argument("minutes", type=click.IntRange(1, 600))
def extend_command(invocation: Invocation, minutes: int) -> None:
    """Add MINUTES to the time limit (practice only)."""
    state = invocation.session.store.extend(invocation.sitting().state.id, minutes)
    _show_clock(invocation, state, f"Added {count_text(minutes, 'minute')}", "harness watch")


def _show_clock(invocation: Invocation, state: AttemptState, what: str, following: str) -> None:
    if invocation.as_json:
        session = invocation.session
        write_json(state_document(session, state, session.problem(state)))
        return
    say(invocation, f"{what}. The clock: {remaining_text(state.remaining_seconds)}.")
    say_next(invocation, following)


@command("reset", "harness reset solution.py", attempt=True)
@click.argument("files", nargs=-1, metavar="[FILE]…", shell_complete=complete_file)
@yes_option
def reset_command(invocation: Invocation, files: tuple[str, ...], yes: bool) -> None:
    """Reset FILEs (default: all) to their starting version.

    Your version is kept; `harness undo` brings it back.
    """
    session, sitting = invocation.session, invocation.sitting()
    names = _names_in_workspace(files, sitting.workspace.root) if sitting.workspace else list(files)
    resettable(session, sitting, names)  # what cannot be done is said before it is asked
    what = ", ".join(names) if names else "all files"
    again = " ".join(["harness reset --yes", *(quoted(Path(each)) for each in files)])
    confirm(invocation, f"Reset {what} to the starting version?", again, yes=yes)
    _show_files(invocation, reset(session, sitting, names), "Reset", "harness undo")


@command("undo", "harness undo", attempt=True)
def undo_command(invocation: Invocation) -> None:
    """Undo the last reset. A second undo redoes it."""
    rewritten = undo(invocation.session, invocation.sitting())
    _show_files(invocation, rewritten, "Restored", "harness test")


@command("restore", "harness restore k3f9qz")
@click.argument("attempt", shell_complete=complete_attempt)
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the new workspace; must be missing or empty.",
)
def restore_command(invocation: Invocation, attempt: str, directory: Path | None) -> None:
    """Bring back a deleted workspace.

    Its files are those last submitted or tested. ATTEMPT is an id from `harness history`.
    """
    state = restore(invocation.session, attempt, directory).state
    if invocation.as_json:
        write_json({"attempt": state.id, "workspace": state.workspace})
        return
    say(invocation, f"Restored: {state.workspace}")
    say_next(invocation, f"cd {short_path(state.workspace)} && harness status")


def _names_in_workspace(files: Sequence[str], root: Path) -> list[str]:
    """Turn paths typed in the current folder into names in the workspace."""
    folder = here()
    names = []
    for file in files:
        # Resolve the folder only: the file itself may be a link that leads elsewhere.
        path = Path(os.path.realpath((folder / file).parent)) / Path(file).name
        names.append(path.relative_to(root).as_posix() if path.is_relative_to(root) else file)
    return names


def _show_files(invocation: Invocation, rewritten: Rewritten, done: str, following: str) -> None:
    if invocation.as_json:
        write_json({"written": rewritten.names, "kept": rewritten.kept})
        return
    names = ", ".join(rewritten.names) or "nothing"
    say(invocation, f"{done}: {names}. The previous version is kept.")
    say_next(invocation, following)


@command("reveal", "harness reveal", attempt=True)
@yes_option
def reveal_command(invocation: Invocation, yes: bool) -> None:
    """Give up the current level and see its reference solution.

    Practice only. The next level opens; this one scores 0, and the report says so.
    """
    session, sitting = invocation.session, invocation.sitting()
    cost = cost_of_reveal(session, sitting)
    confirm(invocation, _question(cost), "harness reveal --yes", yes=yes)
    state, written = reveal(session, sitting)
    problem = session.problem(state)
    if invocation.as_json:
        document = state_document(session, state, problem)
        write_json({"level": cost.level, "written": written, "status": document})
        return
    for path in written:
        say(invocation, f"Reference of level {cost.level}: {short_path(path)}")
    if not state.is_open:
        say(invocation, "That was the last level: the attempt is over.")
        say_next(invocation, "harness report")
        return
    say(invocation, f"Level {state.level} is open: {problem.level(state.level).title}")
    say_next(invocation, "harness statement")


def _question(cost: RevealCost) -> str:
    """Say what giving up a level costs, and ask."""
    now = f"; now it has {cost.points:,}" if cost.points else ""
    after = "It is the last level: the attempt ends." if cost.ends else "The next level opens."
    return (
        f"Level {cost.level} then earns {points_text(0, cost.most)} points{now}. {after}\n"
        "See its reference?"
    )


@command("finish", "harness finish", attempt=True)
@yes_option
def finish_command(invocation: Invocation, yes: bool) -> ExitCode:
    """End the attempt early. Your last submission counts.

    The attempt ends by itself when the last level is accepted.
    """
    session, sitting = invocation.session, invocation.sitting()
    now = standing(session, sitting)
    if not now.state.is_open:
        return _show_end(invocation, now.state, "Already over")
    if now.unsubmitted:
        changed = ", ".join(now.unsubmitted)
        say(invocation, f"Not submitted, so not counted: your latest changes to {changed}.")
        confirm(
            invocation,
            "Finish anyway?",
            "harness submit  # or: harness finish --yes",
            yes=yes,
        )
    with LiveProgress(invocation, "judging your last submission") as progress:
        state = finish(session, sitting, progress)
    code = _show_end(invocation, state, "Finished")
    # A script must learn that points may be missing.
    return code if state.pending_submission is None else ExitCode.INTERNAL


def _show_end(invocation: Invocation, state: AttemptState, how: str) -> ExitCode:
    """Show the points of an attempt that is over, and what is left to do."""
    ended = report(invocation.session, state.id)
    if invocation.as_json:
        write_json(report_document(ended))
        return ExitCode.OK
    say(invocation, f"{how}: {points_text(ended.score.total, ended.score.max)} points.")
    if state.pending_submission is not None:
        say(invocation, "Your last submission is recorded, but the judge failed on it.")
        say_next(invocation, "harness submit  # judges it", "harness doctor")
    else:
        say_next(invocation, "harness report")
    return ExitCode.OK
