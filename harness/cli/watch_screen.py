"""What ``harness watch`` shows, and the two screens that show it: a terminal, or lines of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import click
from rich.console import Group
from rich.text import Text

from harness.app.overview import Standing
from harness.app.own_tests import KeptCase
from harness.app.restoring import Rewritten
from harness.app.work import Hint, JudgedSubmission, JudgedTests, Statement
from harness.cli.judging import judgement_json, judgement_page, news
from harness.cli.main import error_payload
from harness.cli.output import as_json, drawn_lines
from harness.cli.pager import Pager
from harness.cli.surroundings import is_styled
from harness.cli.watch_bar import BarState, bar_lines
from harness.errors import HarnessError
from harness.model.frozen import frozen
from harness.reports.terminal.overview import render_status
from harness.reports.terminal.page import render_statement, safe_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from harness.cli.terminal import Terminal


@frozen
class Note:
    """A few words for the person, and what they are about for programs."""

    kind: str
    text: str
    following: str = ""
    """The command to type next, on a line of its own."""


@frozen
class InFull:
    """A result, with every failing case in full."""

    result: JudgedTests | JudgedSubmission


@frozen
class Unlocked:
    """The statement of a level that was just opened, and how the one before went."""

    moment: str
    statement: Statement


Shown = (
    Note
    | HarnessError
    | JudgedTests
    | JudgedSubmission
    | InFull
    | Statement
    | Unlocked
    | Standing
    | Rewritten
    | Hint
    | KeptCase
)
"""What is shown above the bar."""


class Screen(Protocol):
    """Shows what the loop finds."""

    def show(self, value: Shown) -> bool:
        """Show ``value``; return whether it is a page now that takes keys."""

    def turn(self, key: str) -> bool:
        """Give ``key`` to the page; return whether it is still open."""

    def close(self) -> None:
        """Close the page, if one is open."""

    def draw_bar(self, state: BarState) -> None:
        """Draw the bar."""

    def redraw(self) -> None:
        """Draw everything anew."""


class TerminalScreen:
    """Draws in a terminal: what is long as a page, everything else above the bar."""

    def __init__(self, terminal: Terminal, colour: str) -> None:
        self._terminal = terminal
        self._colour = colour

    def show(self, value: Shown) -> bool:
        """Draw ``value``; return whether it is a page now that takes keys."""
        if isinstance(value, Statement | Unlocked | InFull):
            return self._terminal.open_page(Pager(lambda columns: self._lines(value, columns)))
        self._terminal.print("\n" + "\n".join(self._lines(value, self._terminal.columns)))
        return False

    def turn(self, key: str) -> bool:
        """Give ``key`` to the page; return whether it is still open."""
        return self._terminal.turn_page(key)

    def close(self) -> None:
        """Close the page, if one is open."""
        self._terminal.close_page()

    def draw_bar(self, state: BarState) -> None:
        """Draw the bar."""
        coloured = is_styled(self._colour, terminal=True)
        self._terminal.show_bar(bar_lines(state, self._terminal.columns, colour=coloured))

    def redraw(self) -> None:
        """Draw everything anew."""
        self._terminal.redraw()

    def _lines(self, value: Shown, columns: int) -> list[str]:
        return drawn_lines(_renderable(value), self._colour, columns)


class EventScreen:
    """Prints a line of JSON per event, for programs."""

    def show(self, value: Shown) -> bool:
        """Print ``value``."""
        print_event(value)
        return False

    def turn(self, key: str) -> bool:
        """There is no page."""
        return False

    def close(self) -> None:
        """There is no page."""

    def draw_bar(self, state: BarState) -> None:
        """There is no bar."""

    def redraw(self) -> None:
        """There is nothing to draw."""


def _renderable(value: Shown) -> RenderableType:
    match value:
        case Note():
            following = f"\n{value.following}" if value.following else ""
            return safe_text(value.text + following)
        case HarnessError():
            error = Text.assemble(("error: ", "bold red"), safe_text(value.message))
            hint = Text.assemble(("\nhint: ", "bold cyan"), safe_text(value.hint))
            return error + hint if value.hint else error
        case JudgedTests():
            return judgement_page(value)
        case InFull():
            return judgement_page(value.result, verbose=True)
        case Hint():
            return safe_text("\n".join(_hint_lines(value)))
        case KeptCase():
            text = f"{value.title}\nKept in {value.file} as {value.name}. To run it:"
            return safe_text(f"{text}\npytest {value.file}")
        case JudgedSubmission():
            below = (Text(line, style="bold") for line in news(value))
            return Group(judgement_page(value), *below)
        case Statement():
            return render_statement(value.text)
        case Unlocked():
            moment = safe_text(f"{value.moment}\n", "bold")
            return Group(moment, render_statement(value.statement.text))
        case Rewritten():
            names = ", ".join(value.names)
            return safe_text(f"Reset: {names}. Your version is kept; harness undo brings it back.")
        case _:
            return render_status(value.problem, value.state, value.score)


def _hint_lines(hint: Hint) -> list[str]:
    if not hint.total:
        return ["This level has no hints."]
    again = ["There are no more hints for this level."] if len(hint.texts) == hint.total > 1 else []
    numbered = enumerate(hint.texts, start=hint.first)
    return [*again, *(f"Hint {number} of {hint.total}: {text}" for number, text in numbered)]


def print_event(value: Shown) -> None:
    """Print ``value`` as a line of JSON. Without keys there are only notes, errors and tests."""
    event: dict[str, Any]
    match value:
        case Note():
            event = {"event": value.kind, "text": value.text}
            if value.following:
                event["next"] = value.following
        case HarnessError():
            kind = type(value).__name__
            error = error_payload(kind, value.message, value.hint, value.exit_code)
            event = {"event": "error", **error}
        case _:
            assert isinstance(value, JudgedTests)
            event = {"event": "tested", "judgement": judgement_json(value)}
    click.echo(as_json(event))
