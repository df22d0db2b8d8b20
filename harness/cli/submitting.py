"""``harness test`` and ``harness submit``."""

from __future__ import annotations

from typing import Final

import click

from harness.app.work import last_submission, run_tests, submit
from harness.cli.invocation import Invocation, command
from harness.cli.output import say_next, show, state_document, write_json
from harness.cli.progress import LiveProgress
from harness.cli.verdicts import (
    after_submit,
    after_test,
    exit_code,
    judgement_json,
    judgement_page,
    news,
)
from harness.errors import ExitCode

_AGAIN: Final = (
    "Nothing changed since the last submission, so nothing was submitted: this is its result."
)


@command("test", "harness test -k scan", attempt=True, verbose=True)
@click.option(
    "-k",
    "select",
    metavar="EXPR",
    default="",
    help="Run only the cases that match EXPR, as in pytest.",
)
def test_command(invocation: Invocation, select: str) -> ExitCode:
    """Run the visible tests of all open levels in the sandbox."""
    session, sitting = invocation.session, invocation.sitting()
    with LiveProgress(invocation, "testing") as progress:
        result = run_tests(session, sitting, select, progress)
    code = exit_code(result.judgement)
    if invocation.as_json:
        write_json({"attempt": result.state.id, "judgement": judgement_json(result)})
        return code
    show(invocation, judgement_page(result, verbose=invocation.verbose))
    say_next(invocation, *after_test(result, select))
    return code


@command("submit", "harness submit", attempt=True, verbose=True)
def submit_command(invocation: Invocation) -> ExitCode:
    """Submit your solution to the hidden tests.

    Your files are recorded, then judged by the hidden tests of all open levels. When all pass, the
    next level opens; after the last one the attempt is over.

    With -v and unchanged files nothing is submitted: the last result is shown again, in full.
    """
    session, sitting = invocation.session, invocation.sitting()
    repeated = last_submission(session, sitting) if invocation.verbose else None
    if repeated is not None:
        result = repeated
    else:
        with LiveProgress(invocation, "judging") as progress:
            result = submit(session, sitting, progress)
    code = exit_code(result.judgement)
    if invocation.as_json:
        document = state_document(session, result.state, result.problem)
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
