"""Show what happens while watching: on a terminal, or as one JSON line per event."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING, Any

from harness.app.overview import Standing
from harness.app.restoring import Rewritten
from harness.app.work import JudgedSubmission, JudgedTests, Statement
from harness.cli.judging import judgement_json, judgement_page, news
from harness.cli.main import error_payload
from harness.cli.output import as_json, console, wants_colour
from harness.cli.watching.bar import BarState, bar_lines
from harness.cli.watching.loop import Note
from harness.errors import HarnessError
from harness.reports.escaping import escape_untrusted

if TYPE_CHECKING:
    from rich.console import RenderableType

    from harness.cli.watching.screen import Screen


class TerminalView:
    """Draws for a person."""

    def __init__(self, screen: Screen, columns: Callable[[], int], colour: str) -> None:
        self._screen = screen
        self._columns = columns
        self._colour = colour

    def show(self, value: object) -> None:
        """Print ``value`` above the bar."""
        self._screen.print("\n" + self._drawn(_renderable(value)))

    def bar(self, state: BarState) -> None:
        """Show the bar."""
        lines = bar_lines(state, self._columns(), colour=wants_colour(self._colour))
        self._screen.show_bar(lines)

    def _drawn(self, renderable: RenderableType) -> str:
        paper = StringIO()
        drawing = console(self._colour, paper, self._columns(), terminal=True)
        drawing.print(renderable, crop=False)
        return paper.getvalue()


class JsonView:
    """Writes one line per event."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def show(self, value: object) -> None:
        """Write ``value`` as an event."""
        self._write(as_json(_event(value)))

    def bar(self, state: BarState) -> None:
        """A program needs no bar."""


def _renderable(value: object) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from harness.reports.terminal.overview import render_status
    from harness.reports.terminal.page import render_statement

    match value:
        case Note():
            return Text(escape_untrusted(value.text))
        case HarnessError():
            hint = ("\nhint: ", "bold cyan"), escape_untrusted(value.hint)
            return Text.assemble(
                ("error: ", "bold red"),
                escape_untrusted(value.message),
                *(hint if value.hint else ()),
            )
        case JudgedTests():
            return judgement_page(value)
        case JudgedSubmission():
            below = (Text(line, style="bold") for line in news(value))
            return Group(judgement_page(value), *below)
        case Statement():
            return render_statement(value.text)
        case Standing():
            return render_status(value.problem, value.state, value.score)
        case Rewritten():
            names = escape_untrusted(", ".join(value.names))
            return Text(f"Reset: {names}. Your version is kept; harness undo brings it back.")
        case _:
            return Text(escape_untrusted(str(value)))


def _event(value: object) -> dict[str, Any]:
    match value:
        case Note():
            return {"event": value.kind, "text": value.text}
        case HarnessError():
            kind = type(value).__name__
            return {
                "event": "error",
                **error_payload(kind, value.message, value.hint, value.exit_code),
            }
        case JudgedTests():
            return {"event": "tested", "judgement": judgement_json(value)}
        case _:
            return {"event": "other", "text": str(value)}
