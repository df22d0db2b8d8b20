"""``harness test`` and ``harness submit``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from harness.cli.invocation import (
    Invocation,
    attempt_option,
    json_option,
    pass_invocation,
    verbose_option,
)
from harness.errors import ExitCode

if TYPE_CHECKING:
    from harness.app import Submitted, Tested

_LONG_SECONDS: Final = 2.0
"""After a longer wait, say that the clock does not count it."""
_AGAIN: Final = (
    "Nothing changed since the last submission, so nothing was submitted: this is its result."
)


@click.command("test", epilog="\b\nExample:\n  harness test -k scan")
@click.option(
    "-k",
    "select",
    metavar="EXPR",
    default="",
    help="Run only the cases that match EXPR, as in pytest.",
)
@verbose_option
@attempt_option
@json_option
@pass_invocation
def test_command(invocation: Invocation, select: str) -> ExitCode:
    """Run the visible tests of all open levels in the sandbox."""
    from harness.cli.output import say_next, show, write_json
    from harness.cli.progress import LiveProgress
    from harness.cli.wording import exit_code, judgement_json, judgement_page

    app, sitting = invocation.app, invocation.sitting()
    with LiveProgress(invocation, "testing") as progress:
        result = app.test(sitting, select, progress)
    code = exit_code(result.judgement)
    if invocation.as_json:
        write_json({"attempt": result.state.id, "judgement": judgement_json(result)})
        return code
    show(invocation, judgement_page(result, verbose=invocation.verbose))
    say_next(invocation, *after_test(result, select))
    return code


@click.command("submit", epilog="\b\nExample:\n  harness submit")
@verbose_option
@attempt_option
@json_option
@pass_invocation
def submit_command(invocation: Invocation) -> ExitCode:
    """Submit your solution to the hidden tests.

    Your files are recorded, then judged by the hidden tests of all open levels. When all pass, the
    next level opens; after the last one the attempt is over.

    With -v and unchanged files nothing is submitted: the last result is shown again, in full.
    """
    from harness.cli.output import say_next, show, write_json
    from harness.cli.progress import LiveProgress
    from harness.cli.wording import exit_code, judgement_json, judgement_page, state_document

    app, sitting = invocation.app, invocation.sitting()
    repeated = app.judged_before(sitting) if invocation.verbose else None
    if repeated is not None:
        result = repeated
    else:
        with LiveProgress(invocation, "judging") as progress:
            result = app.submit(sitting, progress)
    code = exit_code(result.judgement)
    if invocation.as_json:
        document = state_document(app, result.state, result.problem)
        write_json(
            {
                "attempt": result.state.id,
                "judgement": judgement_json(result),
                "opened": result.opened,
                "unwritten": result.unwritten,
                "resumed": result.resumed,
                "status": document,
            }
        )
        return code
    show(invocation, judgement_page(result, verbose=invocation.verbose))
    for line in news(result) if repeated is None else [_AGAIN]:
        click.echo(line)
    say_next(invocation, *after_submit(result))
    return code


def news(result: Submitted) -> list[str]:
    """Return the lines that say what a submission changed, beyond its verdict."""
    from harness.model.attempt import End
    from harness.model.verdict import Verdict
    from harness.reports.escaping import escape_untrusted
    from harness.workspace import name_level_files

    state, lines = result.state, []
    if result.judgement.verdict is Verdict.JUDGE_ERROR:
        lines.append("Your submission is recorded, and the failure does not count against you.")
        if state.judge_broken:
            lines.append("Your clock is stopped until you continue.")
    elif result.resumed:
        lines.append(
            "You submitted this earlier. It is judged now and counts from when you submitted it."
        )
    if result.unchanged:
        lines.append("Nothing changed since the last submission.")
    if result.judgement.seconds > _LONG_SECONDS:
        lines.append(
            f"Judging took {result.judgement.seconds:.0f} s; your clock does not count it."
        )
    if result.judgement.verdict is Verdict.ACCEPTED:
        lines.append(_so_far(result))
    if result.opened is not None:
        title = result.problem.level(result.opened).title
        lines.append(f"Level {result.opened} of {len(state.levels)} is open: {title}")
        if result.unwritten:
            lines.append(f"Its files could not be written. {result.unwritten}")
        else:
            lines.append(f"New in the workspace: {', '.join(name_level_files(result.opened))}")
    elif state.end is End.COMPLETED:
        lines.append("Every level is accepted: the attempt is over.")
    elif state.end is End.EXPIRED:
        lines.append("Time is up.")
    return [escape_untrusted(line) for line in lines]


def _so_far(result: Submitted) -> str:
    """Return points and time after an accepted submission."""
    from harness.reports.wording import points_text
    from harness.words import clock_text, remaining_text

    points = f"{points_text(result.score.total, result.score.max)} points"
    state = result.state
    if not state.is_open:
        return f"{points} in {clock_text(state.spent_seconds)}."
    return f"{points} so far, {remaining_text(state.remaining_seconds)}."


def after_test(result: Tested, select: str) -> list[str]:
    """Return what to type after a run of the visible tests."""
    if exit_code_of(result) is ExitCode.INTERNAL:
        return ["harness doctor"]
    if exit_code_of(result) is ExitCode.OK:
        return ["harness test" if select else "harness submit"]
    return [f"change {result.problem.manifest.module}.py, then: harness test"]


def after_submit(result: Submitted) -> list[str]:
    """Return what to type after a submission."""
    if exit_code_of(result) is ExitCode.INTERNAL:
        return ["harness submit  (judges the same submission again), or: harness doctor"]
    if not result.state.is_open:
        return ["harness report"]
    if result.opened is not None:
        if result.unwritten:
            return ["harness statement  (tries again to write its files)"]
        return ["harness statement, then: harness test  (or harness watch)"]
    return [f"change {result.problem.manifest.module}.py, then: harness submit"]


def exit_code_of(result: Tested | Submitted) -> ExitCode:
    """Return the exit code of the command."""
    from harness.cli.wording import exit_code

    return exit_code(result.judgement)
