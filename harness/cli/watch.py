"""``harness watch``: runs the loop in a terminal, or writes a JSON line per event."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import StringIO
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final

import click

from harness.app import work
from harness.app.overview import Standing, standing
from harness.app.own_tests import KeptCase, keep_case
from harness.app.restoring import Rewritten, reset
from harness.app.session import Sitting, require_workspace
from harness.app.work import Hint, JudgedSubmission, JudgedTests, Statement
from harness.attempts import require_open
from harness.cli.invocation import Invocation, command, here, in_terminal
from harness.cli.judging import judgement_json, judgement_page, load_rendering, news
from harness.cli.main import error_payload
from harness.cli.output import as_json, console, short_path
from harness.cli.surroundings import can_redraw, is_styled
from harness.cli.watch_loop import (
    LOOKS,
    POLL_SECONDS,
    BarState,
    Count,
    InFull,
    Note,
    Screen,
    Shown,
    Task,
    Unlocked,
    Watch,
    bar_lines,
)
from harness.errors import ExitCode, HarnessError, RequestError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from harness.cli.terminal import Terminal

_PATIENCE_SECONDS: Final = 1.0
"""How long to wait for a running task when leaving."""


@command("watch", "harness watch", attempt=True)
def watch_command(invocation: Invocation) -> ExitCode:
    """Run the visible tests on every save.

    The bar at the bottom shows the levels, the clock and the keys. Nothing is submitted until you
    press s. With --json, print one line per event, for programs.
    """
    return watch_attempt(invocation, invocation.sitting(), run=True)


def watch_attempt(invocation: Invocation, sitting: Sitting, *, run: bool) -> ExitCode:
    """Watch until the user leaves or the attempt is over.

    ``run``: whether to start with a test run, or else with the statement.

    Raises RequestError when the attempt is over, or there is no terminal to watch in.
    """
    require_open(invocation.session.store.state(sitting.state.id))
    if invocation.as_json:
        woken = Event()

        def wait() -> str:
            woken.wait(POLL_SECONDS)
            woken.clear()
            return ""

        print_event(Note("started", f"watching {sitting.state.workspace}"))
        _watch(invocation, sitting, woken.set, wait, EventScreen(), run=True)
        return ExitCode.OK
    if not in_terminal() or not can_redraw(sys.stdout):
        raise RequestError("Watching needs a terminal.", "harness watch --json")
    from harness.cli.terminal import Terminal

    with Terminal() as terminal, suppress(EOFError):  # raised when the terminal was closed
        screen = TerminalScreen(terminal, invocation.colour)
        _watch(
            invocation,
            sitting,
            terminal.wake,
            lambda: terminal.key(POLL_SECONDS),
            screen,
            run=run,
        )
    return ExitCode.OK


def _watch(
    invocation: Invocation,
    sitting: Sitting,
    wake: Callable[[], None],
    wait: Callable[[], str],
    screen: Screen,
    *,
    run: bool,
) -> None:
    """Run the loop; ``wait`` returns a key, or ``""`` after a while and when ``wake`` is called."""
    from harness.judge.judge import Stop

    session, attempt_id = invocation.session, sitting.state.id
    way = "" if invocation.as_json else _way_to(sitting.state.workspace)
    count, stop = Count(wake), Stop()

    def look() -> Standing:
        return standing(session, sitting)

    judging: dict[Task, Callable[[], object]] = {
        "prepare": lambda: work.prepare(session, sitting),
        "test": lambda: work.run_tests(session, sitting, "", count, stop=stop),
        "submit": lambda: work.submit(session, sitting, count, stop),
        "reset": lambda: reset(session, sitting),
        "pause": lambda: session.store.pause(attempt_id),
        "resume": lambda: session.store.resume(attempt_id),
    }
    looking: dict[Task, Callable[[], object]] = {
        "statement": lambda: work.level_statement(session, sitting),
        "hint": lambda: work.hint(session, sitting),
        "keep": lambda: keep_case(session, sitting, watch.result) if watch.result else None,
        **dict.fromkeys(("levels", "refresh", "warn", "end"), look),
    }
    tasks, looks = Tasks(judging, wake), Tasks(looking, wake)

    def post(task: Task) -> None:
        if task in LOOKS:
            looks.post(task)
            return
        if task != "prepare":
            stop.clear()  # nothing else runs now, so no stop is lost
        tasks.post(task)

    fingerprint = require_workspace(sitting).fingerprint
    watch = Watch(post, stop.set, count, fingerprint, screen, look(), way)
    try:
        watch.begin(run=run)
        if not invocation.as_json:
            load_rendering()
        while not watch.over:
            watch.tick([*looks.results(), *tasks.results()])
            key = wait()
            if key:
                watch.press(key)
    finally:
        screen.close()
        stop.set()
        for each in (looks, tasks):
            each.stop(_PATIENCE_SECONDS)
        # The descriptors of ``stop`` are left to the end of the process: a run may still use them.


def _way_to(workspace: Path) -> str:
    """Return what a command must begin with to run in ``workspace``; nothing when we are there."""
    return "" if here().resolve().is_relative_to(workspace) else f"cd {short_path(workspace)} && "


class Tasks:
    """One thread for slow tasks, so that keys and clock stay alive meanwhile.

    It is the same for the whole watch, because the judge's child is bound to the thread that
    started it.
    """

    def __init__(self, work: Mapping[Task, Callable[[], object]], wake: Callable[[], None]) -> None:
        """``work``: what each task does. ``wake`` is called when there is a result."""
        self._work = work
        self._wake = wake
        self._posted: SimpleQueue[Task | None] = SimpleQueue()
        self._results: SimpleQueue[tuple[Task, object]] = SimpleQueue()
        self._thread = Thread(target=self._run, name="watch-tasks", daemon=True)
        self._thread.start()

    def post(self, task: Task) -> None:
        """Do ``task`` when everything posted before is done."""
        self._posted.put(task)

    def results(self) -> list[tuple[Task, object]]:
        """Return what tasks returned or raised since the last call."""
        taken = []
        while True:
            try:
                taken.append(self._results.get_nowait())
            except Empty:
                return taken

    def stop(self, seconds: float) -> None:
        """Let the running task end, for ``seconds`` at most."""
        self._posted.put(None)
        self._thread.join(seconds)

    def _run(self) -> None:
        while (task := self._posted.get()) is not None:
            try:
                value = self._work[task]()
            except Exception as error:  # the loop decides what each one means
                value = error
            self._results.put((task, value))
            self._wake()


class TerminalScreen:
    """Draws in a terminal: what is long as a page, everything else above the bar."""

    def __init__(self, terminal: Terminal, colour: str) -> None:
        self._terminal = terminal
        self._colour = colour

    def show(self, value: Shown) -> bool:
        """Draw ``value``; return whether it is a page now that takes keys."""
        if isinstance(value, Statement | Unlocked | InFull):
            from harness.cli.pager import Pager

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
        paper = StringIO()
        screen = console(self._colour, paper, columns, terminal=True)
        screen.print(_renderable(value), crop=False)
        return paper.getvalue().rstrip("\n").split("\n")


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
    from rich.console import Group
    from rich.text import Text

    from harness.reports.terminal.overview import render_status
    from harness.reports.terminal.page import render_statement, safe_text

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
