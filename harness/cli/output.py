"""Where output goes: results to stdout; with ``--json`` one document there, prose to stderr."""

from __future__ import annotations

import json
import sys
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

import click

from harness.cli.invocation import Invocation
from harness.cli.surroundings import can_redraw, is_styled, wrapped
from harness.errors import ExitCode
from harness.model.judgement import Judgement, Verdict
from harness.model.plain import to_plain
from harness.reports.escaping import escape_untrusted
from harness.reports.standings import status_document
from harness.words import quoted

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.progress import Progress

    from harness.app.session import Session
    from harness.model.attempt import AttemptState
    from harness.model.problem import Problem


def show(invocation: Invocation, *things: RenderableType) -> None:
    """Print renderables one below the other."""
    screen = console(invocation.colour)
    for thing in things:
        screen.print(thing, crop=False)  # code is shown whole, the terminal folds it


def drawn_lines(thing: RenderableType, colour: str, columns: int) -> list[str]:
    """Return a renderable as the lines of a terminal that is so wide."""
    paper = StringIO()
    console(colour, paper, columns, terminal=True).print(thing, crop=False)
    return paper.getvalue().rstrip("\n").split("\n")


def say(invocation: Invocation, text: str = "") -> None:
    """Print prose: to stderr when standard output is for a program.

    It may hold titles and paths, which others chose: whatever could control a terminal is escaped.
    """
    click.echo(wrapped(escape_untrusted(text), err=invocation.as_json), err=invocation.as_json)


def say_next(invocation: Invocation, *commands: str) -> None:
    """Print the next commands, except with ``--json``."""
    if not invocation.as_json:
        # Never wrapped: a command must stay whole to be pasted.
        click.echo(escape_untrusted("\nNext: " + "\n      ".join(commands)))


def write_json(document: object) -> None:
    """Print one JSON document. ASCII, because solutions print text that UTF-8 cannot hold."""
    click.echo(as_json(document, indent=2))


def as_json(document: object, indent: int | None = None) -> str:
    """Return ``document``, which may hold our models, paths and times, as JSON."""
    return json.dumps(document, indent=indent, default=_plain)


def state_document(session: Session, state: AttemptState, problem: Problem) -> dict[str, Any]:
    """Return the JSON form of an attempt's standing."""
    score = session.score(problem, state)
    return {**status_document(problem, state, score), "workspace": state.workspace}


def short_path(path: Path) -> str:
    """Return ``path`` as a person types it: with ``~`` for the home folder, quoted where needed."""
    try:
        below = path.relative_to(Path.home())
    except (ValueError, RuntimeError):
        return quoted(path)
    return f"~/{quoted(below)}" if below.parts else "~"


def console(
    colour: str, file: TextIO | None = None, width: int | None = None, *, terminal: bool = False
) -> Console:
    """Return a console for the setting ``colour``; see ``is_styled``.

    It writes to ``file``, else to standard output; ``width`` is in columns, else the terminal's.
    ``terminal``: what goes to ``file`` will be shown in the terminal.
    """
    from rich.console import Console

    class QuietConsole(Console):
        def on_broken_pipe(self) -> None:
            """Leave it to the one place that handles errors; rich would exit with 1."""
            raise BrokenPipeError

    capable = terminal or can_redraw(file or sys.stdout)
    styled = is_styled(colour, terminal=capable)
    # Where rich cannot see what the terminal knows, it gets the colours that each one has.
    colours: Literal["auto", "standard"] = "auto" if capable else "standard"
    return QuietConsole(
        file=file,
        width=width,
        highlight=False,
        emoji=False,
        force_terminal=styled or capable,
        color_system=colours if styled else None,
        no_color=not styled,
    )


def progress_bar(
    invocation: Invocation, file: TextIO, *, by_itself: bool = True
) -> Progress | None:
    """Return a bar with a count that vanishes at the end; None where it would not be seen.

    ``by_itself``: it also shows the time and draws itself, in a thread of its own.
    """
    if invocation.as_json or invocation.colour == "never" or not can_redraw(file):
        return None
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(bar_width=30), MofNCompleteColumn()
    return Progress(
        *columns,
        *[TimeElapsedColumn()] * by_itself,
        console=console(invocation.colour, file),
        transient=True,
        auto_refresh=by_itself,
    )


def exit_code(judgement: Judgement) -> ExitCode:
    """Return the exit code of a command that judged."""
    codes = {Verdict.ACCEPTED: ExitCode.OK, Verdict.JUDGE_ERROR: ExitCode.INTERNAL}
    return codes.get(judgement.verdict, ExitCode.NOT_ACCEPTED)


def _plain(value: object) -> object:
    plain = to_plain(value)
    if plain is value:
        raise TypeError(f"not for JSON: {type(value).__name__}")
    return plain
