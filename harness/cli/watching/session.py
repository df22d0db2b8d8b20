"""Watching an attempt: puts terminal, worker, view and loop together."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

import click

from harness.app.finding import require_workspace
from harness.cli.invocation import Invocation, here, in_terminal
from harness.cli.progress import load_rendering
from harness.cli.watching.loop import POLL_SECONDS, Note, Progress, Watch
from harness.cli.watching.views import JsonView, TerminalView
from harness.cli.watching.worker import Worker
from harness.cli.wording import short_path
from harness.errors import ExitCode, RequestError
from harness.model.observer import Observer

if TYPE_CHECKING:
    from harness.app import App, Rewritten, Sitting, Standing, Statement, Submitted, Tested
    from harness.model.attempt import AttemptState
    from harness.model.judgement import CaseOutcome

_PATIENCE_SECONDS: Final = 1.0
"""How long to wait for a running task when leaving."""


class AttemptDesk:
    """The use cases of one attempt."""

    def __init__(self, app: App, sitting: Sitting, tell: Callable[[str, object], None]) -> None:
        self._app = app
        self._sitting = sitting
        self._tell = tell
        self._workspace = require_workspace(sitting)

    def test(self) -> Tested:
        """Run the visible suites."""
        counter = _Counter("test", self._tell)
        return self._app.test(self._sitting, "", counter)

    def submit(self) -> Submitted:
        """Submit, and judge by the hidden suites."""
        counter = _Counter("submit", self._tell)
        return self._app.submit(self._sitting, counter)

    def statement(self) -> Statement:
        """Return the statement of the current level."""
        return self._app.statement(self._sitting)

    def levels(self) -> Standing:
        """Return where the attempt stands."""
        return self._app.standing(self._sitting)

    def reset(self) -> Rewritten:
        """Put all files back."""
        return self._app.reset(self._sitting)

    def pause(self) -> AttemptState:
        """Stop the clock."""
        return self._app.pause(self._sitting)

    def resume(self) -> AttemptState:
        """Let the clock run."""
        return self._app.resume(self._sitting)

    def refresh(self) -> AttemptState:
        """Read the attempt again."""
        return self._app.state(self._sitting)

    def prepare(self) -> None:
        """Get the judge ready for the next run."""
        self._app.prepare(self._sitting)

    def fingerprint(self) -> object:
        """Return what changes when a file changed."""
        return self._workspace.fingerprint()


class _Counter(Observer):
    """Tells how many cases are done."""

    def __init__(self, task: str, tell: Callable[[str, object], None]) -> None:
        self._task = task
        self._tell = tell
        self._done = self._expected = 0

    def cases_collected(self, cases: Sequence[str]) -> None:
        self._done, self._expected = 0, len(cases)
        self._say()

    def case_done(self, outcome: CaseOutcome) -> None:
        self._done += 1
        self._say()

    def _say(self) -> None:
        self._tell(self._task, Progress(self._done, self._expected))


def watch_attempt(invocation: Invocation, sitting: Sitting, *, run: bool) -> ExitCode:
    """Watch until the user leaves or the attempt is over; ``run`` starts with a test run.

    Raises RequestError when the attempt is over, or there is no terminal to watch in.
    """
    invocation.app.require_open(sitting)
    if invocation.as_json:
        _watch_for_program(invocation, sitting)
    elif not in_terminal() or os.environ.get("TERM", "dumb") == "dumb":
        raise RequestError("Watching needs a terminal.", "harness watch --json")
    else:
        _watch_for_person(invocation, sitting, run=run)
    return ExitCode.OK


def _watch_for_person(invocation: Invocation, sitting: Sitting, *, run: bool) -> None:
    from harness.cli.watching.screen import Screen
    from harness.cli.watching.terminal import Terminal

    app = invocation.app
    with Terminal() as terminal:
        screen = Screen(terminal)
        terminal.on_leave, terminal.on_return = screen.hide_bar, screen.redraw
        view = TerminalView(screen, lambda: terminal.columns, invocation.settings.colour)
        worker = Worker(terminal.wake)
        desk = AttemptDesk(app, sitting, worker.tell)
        state = app.state(sitting)
        watch = Watch(
            desk, worker, view, app.problem(state), state, time.monotonic, _way_to(state.workspace)
        )
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
            worker.stop(_PATIENCE_SECONDS)


def _watch_for_program(invocation: Invocation, sitting: Sitting) -> None:
    app = invocation.app
    view = JsonView(click.echo)
    woken = Event()
    worker = Worker(woken.set)
    desk = AttemptDesk(app, sitting, worker.tell)
    state = app.state(sitting)
    view.show(Note("started", f"watching {state.workspace}"))
    watch = Watch(desk, worker, view, app.problem(state), state, time.monotonic, "")
    try:
        watch.begin(run=True)
        while not watch.over:
            watch.tick()
            woken.wait(POLL_SECONDS)
            woken.clear()
    finally:
        worker.stop(_PATIENCE_SECONDS)


def _way_to(workspace: Path) -> str:
    """Return what a command must begin with to run in ``workspace``; nothing when we are there."""
    return "" if here().resolve().is_relative_to(workspace) else f"cd {short_path(workspace)} && "
