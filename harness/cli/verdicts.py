"""What a judgement means for a command: its exit code, its page, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from harness.app.work import JudgedSubmission, JudgedTests
from harness.errors import ExitCode
from harness.model.attempt import End
from harness.model.judgement import Judgement, Verdict
from harness.reports.escaping import escape_untrusted
from harness.reports.withholding import judgement_document
from harness.words import clock_text, points_text, remaining_text
from harness.workspace import name_level_files

if TYPE_CHECKING:
    from rich.console import RenderableType

Judged = JudgedTests | JudgedSubmission

_DETAILS: Final = 3
"""Failing cases shown in full; people fix one at a time."""
_OUTPUT_LINES: Final = 8
"""Lines of a case's captured output that are shown."""
_LONG_SECONDS: Final = 2.0
"""After a longer wait, say that the clock does not count it."""


def exit_code(judgement: Judgement) -> ExitCode:
    """Return the exit code of a command that judged."""
    codes = {Verdict.ACCEPTED: ExitCode.OK, Verdict.JUDGE_ERROR: ExitCode.INTERNAL}
    return codes.get(judgement.verdict, ExitCode.NOT_ACCEPTED)


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


def after_test(result: JudgedTests, select: str) -> list[str]:
    """Return what to type after a run of the visible tests."""
    if exit_code(result.judgement) is ExitCode.INTERNAL:
        return ["harness doctor"]
    if exit_code(result.judgement) is ExitCode.OK:
        return ["harness test" if select else "harness submit"]
    return [f"change {result.problem.manifest.module}.py, then: harness test"]


def after_submit(result: JudgedSubmission) -> list[str]:
    """Return what to type after a submission."""
    if exit_code(result.judgement) is ExitCode.INTERNAL:
        return ["harness submit  (judges the same submission again), or: harness doctor"]
    if not result.state.is_open:
        return ["harness report"]
    if result.opened is not None:
        if result.unwritten:
            return ["harness statement  (tries again to write its files)"]
        return ["harness statement, then: harness test  (or harness watch)"]
    return [f"change {result.problem.manifest.module}.py, then: harness submit"]
