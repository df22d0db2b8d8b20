"""``harness watch``: puts terminal, task thread, view and loop together."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import Final

import click

from harness.app import work
from harness.app.overview import standing
from harness.app.restoring import reset
from harness.app.session import Sitting, require_workspace
from harness.attempts import require_open
from harness.cli.invocation import Invocation, command, here, in_terminal
from harness.cli.judging import load_rendering
from harness.cli.output import short_path
from harness.cli.watching.background import Task, TaskThread
from harness.cli.watching.loop import POLL_SECONDS, Note, RunCount, Watch
from harness.cli.watching.views import JsonView, TerminalView
from harness.errors import ExitCode, RequestError
from harness.model.judgement import CaseOutcome, Observer

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
        _watch_for_program(invocation, sitting)
    elif not in_terminal() or os.environ.get("TERM", "dumb") == "dumb":
        raise RequestError("Watching needs a terminal.", "harness watch --json")
    else:
        _watch_in_terminal(invocation, sitting, run=run)
    return ExitCode.OK


def _watch_in_terminal(invocation: Invocation, sitting: Sitting, *, run: bool) -> None:
    from harness.cli.watching.screen import Screen
    from harness.cli.watching.terminal import Terminal

    with Terminal() as terminal:
        screen = Screen(terminal)
        terminal.on_leave, terminal.on_return = screen.hide_bar, screen.redraw
        view = TerminalView(screen, lambda: terminal.columns, invocation.settings.colour)
        thread = TaskThread(terminal.wake)
        way = _way_to(sitting.state.workspace)
        watch = _watch(invocation, sitting, thread, view, way)
        try:
            watch.begin(run=run)
            load_rendering()
            while not watch.over:
                watch.tick()
                key = terminal.key(POLL_SECONDS)
                if key:
                    watch.press(key)
        except EOFError:
            return  # the terminal was closed
        finally:
            thread.stop(_PATIENCE_SECONDS)


def _watch_for_program(invocation: Invocation, sitting: Sitting) -> None:
    view = JsonView(click.echo)
    woken = Event()
    thread = TaskThread(woken.set)
    view.show(Note("started", f"watching {sitting.state.workspace}"))
    watch = _watch(invocation, sitting, thread, view, "")
    try:
        watch.begin(run=True)
        while not watch.over:
            watch.tick()
            woken.wait(POLL_SECONDS)
            woken.clear()
    finally:
        thread.stop(_PATIENCE_SECONDS)


def _watch(
    invocation: Invocation,
    sitting: Sitting,
    thread: TaskThread,
    view: TerminalView | JsonView,
    way: str,
) -> Watch:
    session = invocation.session
    state = session.store.state(sitting.state.id)
    tasks: dict[Task, Callable[[], object]] = {
        "prepare": lambda: work.prepare(session, sitting),
        "test": lambda: work.run_tests(session, sitting, "", _Counter("test", thread)),
        "submit": lambda: work.submit(session, sitting, _Counter("submit", thread)),
        "statement": lambda: work.level_statement(session, sitting),
        "levels": lambda: standing(session, sitting),
        "reset": lambda: reset(session, sitting),
        "pause": lambda: session.store.pause(sitting.state.id),
        "resume": lambda: session.store.resume(sitting.state.id),
        "refresh": lambda: session.store.state(sitting.state.id),
    }
    fingerprint = require_workspace(sitting).fingerprint
    problem = session.problem(state)
    return Watch(tasks, fingerprint, thread, view, problem, state, time.monotonic, way)


class _Counter(Observer):
    """Posts how many cases are done."""

    def __init__(self, task: Task, thread: TaskThread) -> None:
        self._task: Task = task
        self._thread = thread
        self._done = self._expected = 0

    def cases_collected(self, cases: Sequence[str]) -> None:
        self._done, self._expected = 0, len(cases)
        self._post()

    def case_done(self, outcome: CaseOutcome) -> None:
        self._done += 1
        self._post()

    def _post(self) -> None:
        self._thread.report(self._task, RunCount(self._done, self._expected))


def _way_to(workspace: Path) -> str:
    """Return what a command must begin with to run in ``workspace``; nothing when we are there."""
    return "" if here().resolve().is_relative_to(workspace) else f"cd {short_path(workspace)} && "
