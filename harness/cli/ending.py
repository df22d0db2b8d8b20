"""``harness reveal`` and ``finish``."""

from __future__ import annotations

import click

from harness.cli.invocation import (
    Invocation,
    attempt_option,
    confirm,
    json_option,
    pass_invocation,
    yes_option,
)


@click.command("reveal", epilog="\b\nExample:\n  harness reveal")
@yes_option
@attempt_option
@json_option
@pass_invocation
def reveal_command(invocation: Invocation, yes: bool) -> None:
    """Give the current level up for its reference.

    Practice only. The next level opens; this one scores 0, and the attempt is marked.
    """
    from harness.cli.output import say, say_next, write_json
    from harness.cli.wording import short_path, state_document

    app, sitting = invocation.app, invocation.sitting()
    app.require_revealable(sitting)
    level = sitting.state.level
    question = f"See the reference of level {level}? The level will score 0."
    confirm(invocation, question, "harness reveal --yes", yes=yes)
    revealed = app.reveal(sitting)
    if invocation.as_json:
        document = state_document(app, revealed.state, revealed.problem)
        write_json({"level": level, "written": revealed.written, "status": document})
        return
    for path in revealed.written:
        say(invocation, f"The reference of level {level}: {short_path(path)}")
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
def finish_command(invocation: Invocation, yes: bool) -> None:
    """End the attempt. What you submitted last counts."""
    from harness.cli.output import say, say_next, write_json
    from harness.cli.progress import LiveProgress
    from harness.reports.wording import points_text

    app, sitting = invocation.app, invocation.sitting()
    app.require_open(sitting)
    standing = app.standing(sitting)
    if standing.unsubmitted:
        changed = ", ".join(standing.unsubmitted)
        say(invocation, f"Not submitted, so not counted: your last changes to {changed}.")
        confirm(
            invocation, "Finish all the same?", "harness submit, or: harness finish --yes", yes=yes
        )
    with LiveProgress(invocation, "judging what was submitted last") as progress:
        state = app.finish(sitting, progress.on_case, progress.on_start)
    report = app.report(state.id)
    if invocation.as_json:
        write_json(report)
        return
    score = report.score
    say(invocation, f"Finished: {points_text(score.total, score.max)} points.")
    say_next(invocation, "harness report")
