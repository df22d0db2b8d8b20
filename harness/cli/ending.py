"""``harness reveal`` and ``finish``."""

from __future__ import annotations

from harness.app.overview import report, standing
from harness.app.work import finish, reveal
from harness.attempts.permissions import require_revealable
from harness.cli.invocation import Invocation, command, confirm, yes_option
from harness.cli.output import say, say_next, short_path, state_document, write_json
from harness.cli.progress import LiveProgress
from harness.errors import ExitCode
from harness.model.attempt import AttemptState
from harness.reports.attempt_report import report_document
from harness.words import points_text


@command("reveal", "harness reveal", attempt=True)
@yes_option
def reveal_command(invocation: Invocation, yes: bool) -> None:
    """Give up the current level and see its reference solution.

    Practice only. The next level opens; this one scores 0, and the report says so.
    """
    session, sitting = invocation.session, invocation.sitting()
    before = session.store.state(sitting.state.id)
    require_revealable(before)
    question = f"See the reference of level {before.level}? The level will then score 0."
    confirm(invocation, question, "harness reveal --yes", yes=yes)
    state, written = reveal(session, sitting)
    problem = session.problem(state)
    if invocation.as_json:
        document = state_document(session, state, problem)
        write_json({"level": before.level, "written": written, "status": document})
        return
    for path in written:
        say(invocation, f"Reference of level {before.level}: {short_path(path)}")
    if not state.is_open:
        say(invocation, "That was the last level: the attempt is over.")
        say_next(invocation, "harness report")
        return
    say(invocation, f"Level {state.level} is open: {problem.level(state.level).title}")
    say_next(invocation, "harness statement")


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
        confirm(invocation, "Finish anyway?", "harness submit, or: harness finish --yes", yes=yes)
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
        say_next(invocation, "harness submit  (judges it), or: harness doctor")
    else:
        say_next(invocation, "harness report")
    return ExitCode.OK
