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
from harness.app.overview import standing
from harness.app.restoring import Rewritten, reset
from harness.app.session import Sitting, require_workspace
from harness.app.work import JudgedSubmission, JudgedTests, Statement
from harness.attempts import require_open
from harness.cli.invocation import Invocation, command, here, in_terminal
from harness.cli.judging import judgement_json, judgement_page, load_rendering, news
from harness.cli.main import error_payload
from harness.cli.output import as_json, console, short_path
from harness.cli.surroundings import can_redraw, is_styled
from harness.cli.watch_loop import (
    POLL_SECONDS,
    BarState,
    Count,
    Note,
    Shown,
    Task,
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
    """Watch until the user leaves or the attempt is over; ``run`` starts with a test run.

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
        _watch(invocation, sitting, woken.set, wait, print_event, lambda _: None, run=True)
        return ExitCode.OK
    if not in_terminal() or not can_redraw(sys.stdout):
        raise RequestError("Watching needs a terminal.", "harness watch --json")
    from harness.cli.terminal import Terminal

    colour = invocation.colour
    with Terminal() as terminal, suppress(EOFError):  # raised when the terminal was closed
        _watch(
            invocation,
            sitting,
            terminal.wake,
            lambda: terminal.key(POLL_SECONDS),
            lambda value: show_value(terminal, value, colour),
            lambda state: show_bar(terminal, state, colour),
            run=run,
        )
    return ExitCode.OK


def _watch(
    invocation: Invocation,
    sitting: Sitting,
    wake: Callable[[], None],
    wait: Callable[[], str],
    show: Callable[[Shown], None],
    draw_bar: Callable[[BarState], None],
    *,
    run: bool,
) -> None:
    """Run the loop; ``wait`` returns a key, or ``""`` after a while and when ``wake`` is called."""
    session = invocation.session
    way = "" if invocation.as_json else _way_to(sitting.state.workspace)
    state = session.store.state(sitting.state.id)
    count = Count(wake)
    tasks = Tasks(
        {
            "prepare": lambda: work.prepare(session, sitting),
            "test": lambda: work.run_tests(session, sitting, "", count),
            "submit": lambda: work.submit(session, sitting, count),
            "statement": lambda: work.level_statement(session, sitting),
            "levels": lambda: standing(session, sitting),
            "reset": lambda: reset(session, sitting),
            "pause": lambda: session.store.pause(state.id),
            "resume": lambda: session.store.resume(state.id),
            "refresh": lambda: session.store.state(state.id),
        },
        wake,
    )
    fingerprint, problem = require_workspace(sitting).fingerprint, session.problem(state)
    watch = Watch(tasks.post, count, fingerprint, show, draw_bar, problem, state, way)
    try:
        watch.begin(run=run)
        if not invocation.as_json:
            load_rendering()
        while not watch.over:
            watch.tick(tasks.results())
            key = wait()
            if key:
                watch.press(key)
    finally:
        tasks.stop(_PATIENCE_SECONDS)


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


def show_value(terminal: Terminal, value: Shown, colour: str) -> None:
    """Draw ``value`` above the bar."""
    paper = StringIO()
    screen = console(colour, paper, terminal.columns, terminal=True)
    screen.print(_renderable(value), crop=False)
    terminal.print("\n" + paper.getvalue())


def show_bar(terminal: Terminal, state: BarState, colour: str) -> None:
    """Draw the bar."""
    coloured = is_styled(colour, terminal=True)
    terminal.show_bar(bar_lines(state, terminal.columns, colour=coloured))


def _renderable(value: Shown) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from harness.reports.terminal.overview import render_status
    from harness.reports.terminal.page import render_statement, safe_text

    match value:
        case Note():
            return safe_text(value.text)
        case HarnessError():
            error = Text.assemble(("error: ", "bold red"), safe_text(value.message))
            hint = Text.assemble(("\nhint: ", "bold cyan"), safe_text(value.hint))
            return error + hint if value.hint else error
        case JudgedTests():
            return judgement_page(value)
        case JudgedSubmission():
            below = (Text(line, style="bold") for line in news(value))
            return Group(judgement_page(value), *below)
        case Statement():
            return render_statement(value.text)
        case Rewritten():
            names = ", ".join(value.names)
            return safe_text(f"Reset: {names}. Your version is kept; harness undo brings it back.")
        case _:
            return render_status(value.problem, value.state, value.score)


def print_event(value: Shown) -> None:
    """Print ``value`` as a line of JSON. Without keys there are only notes, errors and tests."""
    event: dict[str, Any]
    match value:
        case Note():
            event = {"event": value.kind, "text": value.text}
        case HarnessError():
            kind = type(value).__name__
            error = error_payload(kind, value.message, value.hint, value.exit_code)
            event = {"event": "error", **error}
        case _:
            assert isinstance(value, JudgedTests)
            event = {"event": "tested", "judgement": judgement_json(value)}
    click.echo(as_json(event))
