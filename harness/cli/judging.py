"""``harness test`` and ``harness submit``: how a judgement is awaited, shown and continued."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

import click

from harness.app.work import JudgedSubmission, JudgedTests, last_submission, run_tests, submit
from harness.cli.invocation import Invocation, command
from harness.cli.output import (
    exit_code,
    progress_bar,
    say_next,
    show,
    state_document,
    write_json,
)
from harness.cli.sentences import level_sentence
from harness.cli.surroundings import wrapped
from harness.errors import ExitCode
from harness.model.attempt import End
from harness.model.judgement import Observer, Verdict
from harness.reports.escaping import escape_untrusted
from harness.reports.withholding import judgement_document
from harness.words import clock_text, points_text, remaining_text
from harness.workspace import name_level_files

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import Progress, TaskID

    from harness.model.judgement import CaseOutcome

Judged = JudgedTests | JudgedSubmission

_DETAILS: Final = 3
"""Failing cases shown in full; people fix one at a time."""
_OUTPUT_LINES: Final = 8
"""Lines of a case's captured output that are shown."""
_LONG_SECONDS: Final = 2.0
"""After a longer wait, say that the clock does not count it."""
_INTERVAL_SECONDS: Final = 0.05
"""How often the progress is drawn."""
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
    say_next(invocation, _after_test(result, select))
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
        click.echo(wrapped(line, err=False))
    say_next(invocation, _after_submit(result))
    return code


class LiveProgress(Observer):
    """Counts cases on a line that vanishes at the end. A context manager.

    Everything for rendering is imported in ``cases_collected``: the judge's child is at work then,
    so that costs no time. Each call draws by itself, at most twenty times a second: a thread for it
    would take time from the judge.
    """

    def __init__(self, invocation: Invocation, verb: str) -> None:
        self._invocation = invocation
        self._verb = verb
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._drawn_at = 0.0

    def cases_collected(self, cases: Sequence[str]) -> None:
        """The judge is about to run ``cases``."""
        if self._invocation.as_json:
            return
        load_rendering()
        if self._progress is not None and self._task is not None:
            self._progress.reset(self._task, total=len(cases))  # the judge tries once more
            return
        self._progress = progress_bar(self._invocation, sys.stdout, by_itself=False)
        if self._progress is not None:
            self._task = self._progress.add_task(self._verb, total=len(cases))
            self._progress.start()

    def case_done(self, outcome: CaseOutcome) -> None:
        """One more case is judged."""
        if self._progress is None or self._task is None:
            return
        self._progress.advance(self._task)
        now = time.monotonic()
        if now - self._drawn_at >= _INTERVAL_SECONDS:
            self._drawn_at = now
            self._progress.refresh()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._progress is not None:
            self._progress.stop()


def load_rendering() -> None:
    """Import what draws a verdict, while the judge works anyway."""
    import harness.reports.terminal.results  # noqa: F401


def judgement_json(result: Judged) -> dict[str, Any]:
    """Return the JSON form of as much of a judgement as the attempt's feedback allows."""
    return judgement_document(result.judgement, result.state.feedback, result.problem)


def judgement_page(result: Judged, *, verbose: bool = False) -> RenderableType:
    """Return a judgement as drawn for a person: the first few failing cases, or everything."""
    from harness.reports.terminal.results import render_judgement

    return render_judgement(
        result.judgement,
        result.state.feedback,
        result.problem,
        details=None if verbose else _DETAILS,
        output_lines=None if verbose else _OUTPUT_LINES,
    )


def news(result: JudgedSubmission) -> list[str]:
    """Return the lines that say what a submission changed, beyond its verdict."""
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
        lines.append(level_sentence(result, result.judgement.levels[-1]))
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


def _so_far(result: JudgedSubmission) -> str:
    """Return points and time after an accepted submission."""
    points = f"{points_text(result.score.total, result.score.max)} points"
    state = result.state
    if not state.is_open:
        return f"{points} in {clock_text(state.spent_seconds)}."
    return f"{points} so far, {remaining_text(state.remaining_seconds)}."


def _after_test(result: JudgedTests, select: str) -> str:
    """Return what to type after a run of the visible tests."""
    match result.judgement.verdict:
        case Verdict.JUDGE_ERROR:
            return result.judgement.remedy or "harness doctor"
        case Verdict.ACCEPTED:
            return "harness test" if select else "harness submit"
        case _:
            return f"harness test  # after a change of {result.problem.manifest.module}.py"


def _after_submit(result: JudgedSubmission) -> str:
    """Return what to type after a submission."""
    if result.judgement.verdict is Verdict.JUDGE_ERROR:
        again = "harness submit  # judges the same submission again"
        remedy = result.judgement.remedy
        return f"{remedy}  # then: harness submit" if remedy else f"{again}; or: harness doctor"
    if not result.state.is_open:
        return "harness report"
    if result.unwritten:
        return "harness statement  # tries again to write its files"
    if result.opened is not None:
        return "harness statement  # then: harness test, or harness watch"
    return f"harness submit  # after a change of {result.problem.manifest.module}.py"
