"""``harness watch``: runs the loop in a terminal, or writes a JSON line per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Final

from harness.app import work
from harness.app.overview import Standing, standing
from harness.app.own_tests import keep_case
from harness.app.restoring import reset
from harness.app.session import Sitting, require_workspace
from harness.attempts import require_open
from harness.cli.invocation import Invocation, command, has_screen, here
from harness.cli.judging import load_rendering
from harness.cli.output import short_path
from harness.cli.terminal import Terminal
from harness.cli.watch_loop import LOOKS, POLL_SECONDS, Count, Task, Watch
from harness.cli.watch_screen import EventScreen, Note, Screen, TerminalScreen, print_event
from harness.errors import ExitCode, RequestError
from harness.judge.judge import Stop

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
    if not has_screen():
        raise RequestError("Watching needs a terminal.", "harness watch --json")
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
    session, attempt_id = invocation.session, sitting.state.id
    workspace, way = sitting.state.workspace, ""
    if not invocation.as_json and not here().resolve().is_relative_to(workspace):
        way = f"cd {short_path(workspace)} && "
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
