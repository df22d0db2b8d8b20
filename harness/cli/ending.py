"""``harness reveal`` and ``finish``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from harness.cli.invocation import (
    Invocation,
    attempt_option,
    confirm,
    json_option,
    pass_invocation,
    yes_option,
)
from harness.errors import ExitCode

if TYPE_CHECKING:
    from harness.model.attempt import AttemptState


@click.command("reveal", epilog="\b\nExample:\n  harness reveal")
@yes_option
@attempt_option
@json_option
@pass_invocation
def reveal_command(invocation: Invocation, yes: bool) -> None:
    """Give up the current level and see its reference solution.

    Practice only. The next level opens; this one scores 0, and the report says so.
    """
    from harness.cli.output import say, say_next, write_json
    from harness.cli.wording import short_path, state_document

    app, sitting = invocation.app, invocation.sitting()
    app.require_revealable(sitting)
    level = sitting.state.level
    question = f"See the reference of level {level}? The level will then score 0."
    confirm(invocation, question, "harness reveal --yes", yes=yes)
    revealed = app.reveal(sitting)
    if invocation.as_json:
        document = state_document(app, revealed.state, revealed.problem)
        write_json({"level": level, "written": revealed.written, "status": document})
        return
    for path in revealed.written:
        say(invocation, f"Reference of level {level}: {short_path(path)}")
    if not revealed.state.is_open:
        say(invocation, "That was the last level: the attempt is over.")
        say_next(invocation, "harness report")
        return
    title = revealed.problem.level(revealed.state.level).title
    say(invocation, f"Level {revealed.state.level} is open: {title}")
    say_next(invocation, "harness statement")


@click.command("finish", epilog="\b\nExample:\n  harness finish")
@yes_option
@attempt_option
@json_option
@pass_invocation
def finish_command(invocation: Invocation, yes: bool) -> ExitCode:
    """End the attempt early. Your last submission counts.

    The attempt ends by itself when the last level is accepted.
    """
    from harness.cli.output import say
    from harness.cli.progress import LiveProgress

    app, sitting = invocation.app, invocation.sitting()
    standing = app.standing(sitting)
    if not standing.state.is_open:
        return _show_end(invocation, standing.state, "Already over")
    if standing.unsubmitted:
        changed = ", ".join(standing.unsubmitted)
        say(invocation, f"Not submitted, so not counted: your latest changes to {changed}.")
        confirm(invocation, "Finish anyway?", "harness submit, or: harness finish --yes", yes=yes)
    with LiveProgress(invocation, "judging your last submission") as progress:
        state = app.finish(sitting, progress)
    code = _show_end(invocation, state, "Finished")
    # A script must learn that points may be missing.
    return code if state.pending_submission is None else ExitCode.INTERNAL


def _show_end(invocation: Invocation, state: AttemptState, how: str) -> ExitCode:
    """Show the points of an attempt that is over, and what is left to do."""
    from harness.cli.output import say, say_next, write_json
    from harness.reports.attempt_report import report_document
    from harness.reports.wording import points_text

    report = invocation.app.report(state.id)
    if invocation.as_json:
        write_json(report_document(report))
        return ExitCode.OK
    say(invocation, f"{how}: {points_text(report.score.total, report.score.max)} points.")
    if state.pending_submission is not None:
        say(invocation, "Your last submission is recorded, but the judge failed on it.")
        say_next(invocation, "harness submit  (judges it), or: harness doctor")
    else:
        say_next(invocation, "harness report")
    return ExitCode.OK
