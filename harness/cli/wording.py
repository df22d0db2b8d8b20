"""Words that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from harness.errors import ExitCode
from harness.words import quoted

if TYPE_CHECKING:
    from rich.console import RenderableType

    from harness.app import App, Submitted, Tested
    from harness.model.attempt import AttemptState
    from harness.model.judgement import Judgement
    from harness.model.problem import Problem

_DETAILS: Final = 3
"""Failing cases shown in full; people fix one at a time."""
_OUTPUT_LINES: Final = 8
"""Lines of a case's captured output that are shown."""


def short_path(path: Path) -> str:
    """Return ``path`` as a person types it: with ``~`` for the home folder, quoted where needed."""
    try:
        below = path.relative_to(Path.home())
    except (ValueError, RuntimeError):
        return quoted(path)
    return f"~/{quoted(below)}" if below.parts else "~"


def exit_code(judgement: Judgement) -> ExitCode:
    """Return the exit code of a command that judged."""
    from harness.model.verdict import Verdict

    codes = {Verdict.ACCEPTED: ExitCode.OK, Verdict.JUDGE_ERROR: ExitCode.INTERNAL}
    return codes.get(judgement.verdict, ExitCode.NOT_ACCEPTED)


def judgement_json(result: Tested | Submitted) -> dict[str, Any]:
    """Return the JSON form of as much of a judgement as the attempt's feedback allows."""
    from harness.reports.withholding import judgement_document

    return judgement_document(result.judgement, result.state.feedback, result.problem)


def judgement_page(result: Tested | Submitted, *, verbose: bool = False) -> RenderableType:
    """Return a judgement as drawn for a person: the first few failing cases, or everything."""
    from harness.reports.terminal.results import render_judgement

    return render_judgement(
        result.judgement,
        result.state.feedback,
        result.problem,
        details=None if verbose else _DETAILS,
        output_lines=None if verbose else _OUTPUT_LINES,
    )


def state_document(app: App, state: AttemptState, problem: Problem) -> dict[str, Any]:
    """Return the JSON form of an attempt's standing."""
    from harness.reports.overviews import status_document

    return {**status_document(problem, state, app.score(state)), "workspace": state.workspace}
