"""The state of a watch session: turns saves, keys and the clock into work and output.

Knows neither the terminal nor the use cases: it is driven by ``tick`` and ``press``, posts tasks to
a thread and shows results in a ``View``, so that tests need neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Protocol

from harness.app.work import JudgedSubmission, JudgedTests
from harness.cli.watching.background import Task
from harness.cli.watching.bar import LAST_SECONDS, SOON_SECONDS, BarState
from harness.errors import HarnessError, JudgeError
from harness.model.attempt import AttemptState, End, Mode
from harness.model.frozen import frozen
from harness.model.judgement import Verdict

if TYPE_CHECKING:
    from harness.cli.watching.background import Message, TaskThread
    from harness.model.judgement import Judgement
    from harness.model.problem import Problem

DEBOUNCE_SECONDS: Final = 0.01
"""How long files must stay unchanged before a run: editors save in several steps. A formatter that
runs later than this starts another run."""
POLL_SECONDS: Final = 0.01
REST: Final = 20
"""After each scan of the files, rest this many times as long, so that a crowded workspace is
scanned less often instead of keeping a processor busy."""
REFRESH_SECONDS: Final = 15.0
"""How often the attempt is read again: it may have been paused or finished elsewhere."""
AGAIN_SECONDS: Final = 1.0
"""The same, once the local clock says that time is up."""
CHOICES: Final = ("t", "s", "c", "l", "h", "x", "p", "q")
_WORDS: Final = {
    "t": "test",
    "s": "submit",
    "c": "statement",
    "l": "levels",
    "h": "hint",
    "x": "reset",
    "p": "pause",
    "q": "quit",
}
_TASKS: Final[Mapping[str, Task]] = {
    "t": "test",
    "s": "submit",
    "c": "statement",
    "l": "levels",
}
_EXAM_REFUSES: Final = {"h": "An exam has no hints.", "p": "An exam has no pauses."}


@frozen
class Note:
    """One line for the person, and what it is about for programs."""

    kind: str
    text: str


@frozen
class RunCount:
    """How far a run is."""

    done: int
    expected: int


class View(Protocol):
    """Shows things."""

    def show(self, value: object) -> None:
        """A ``Note``, a ``HarnessError``, or what a use case handed back."""

    def bar(self, state: BarState) -> None:
        """The bar, when it may have changed."""


class Watch:
    """One watch. ``over`` says when to leave."""

    def __init__(
        self,
        tasks: Mapping[Task, Callable[[], object]],
        fingerprint: Callable[[], object],
        thread: TaskThread,
        view: View,
        problem: Problem,
        state: AttemptState,
        now: Callable[[], float],
        way: str,
    ) -> None:
        """Prepare a watch.

        ``fingerprint`` returns what changes when a file changed; ``way`` precedes the commands that
        are named when leaving.
        """
        self.over = False
        self._tasks = tasks
        self._fingerprint = fingerprint
        self._thread = thread
        self._view = view
        self._problem = problem
        self._now = now
        self._way = way
        self._running: Task | None = None
        self._waiting: list[Task] = []
        self._held_seconds = 0.0
        self._question: str = ""
        self._leaving = False
        self._middle = "save a file to test it"
        self._hint = 0
        self._files = fingerprint()
        self._changed_at: float | None = None
        self._polled_at = self._refreshed_at = now()
        self._rest_seconds = POLL_SECONDS
        self._state = state
        self._read_at = now()
        self._warned = [limit for limit in (SOON_SECONDS, LAST_SECONDS, 0) if self._left() <= limit]

    def begin(self, *, run: bool) -> None:
        """Start: with a first run, or with a judge that gets ready for one."""
        if self._state.paused:
            self._view.show(Note("paused", "Paused. The clock is stopped; press p to continue."))
        if run and not self._state.paused:
            self._ask_for("test")
        else:
            self._thread.post("prepare", self._tasks["prepare"])
        self._draw()

    def press(self, key: str) -> None:
        """A person pressed ``key``."""
        if self._question:
            self._answer(key)
        elif self._state.mode is Mode.EXAM and key in _EXAM_REFUSES:
            self._view.show(Note("refused", _EXAM_REFUSES[key]))
        elif key == "q":
            self._quit()
        elif key == "h":
            self._show_hint()
        elif key == "x":
            self._question = (
                "Reset all files to the starting version? Yours are kept for undo.  y / n"
            )
        elif key == "p":
            self._ask_for("resume" if self._state.paused else "pause")
        elif key in _TASKS:
            self._ask_for(_TASKS[key])
        self._draw()

    def tick(self) -> None:
        """Process messages, file changes and the clock."""
        for message in self._thread.messages():
            self._hear(message)
        if self.over:
            return
        self._look_at_files()
        self._look_at_clock()
        self._draw()

    def _hear(self, message: Message) -> None:
        value = message.value
        if isinstance(value, RunCount):
            verb = "judging" if message.task == "submit" else "testing"
            self._middle = f"{verb} {value.done}/{value.expected}"
            return
        if isinstance(value, AttemptState):
            self._take(value)
        elif isinstance(value, Exception):
            self._fail(message.task, value)
        elif value is not None:
            self._view.show(value)
        if isinstance(value, JudgedTests | JudgedSubmission):
            self._judged(value)
        if message.task == self._running:
            self._running = None
            self._run_next()

    def _judged(self, result: JudgedTests | JudgedSubmission) -> None:
        judgement = result.judgement
        self._middle = _score_text("visible", judgement)
        if isinstance(result, JudgedSubmission):
            self._middle = _score_text("hidden", judgement)
            if result.opened is not None:
                self._hint = 0
                self._middle = f"level {result.opened} is open: press c to read it"
        self._thread.post("prepare", self._tasks["prepare"])
        self._take(result.state)

    def _fail(self, task: Task, error: Exception) -> None:
        """Show the error and continue: watching must survive any failed run."""
        if task == "prepare":
            return  # the next run will report what is wrong
        if not isinstance(error, HarnessError):
            what = f"Internal error in harness: {error!r}"
            error = JudgeError(what, f"harness --debug {task}")
        self._view.show(error)
        self._refreshed_at = self._now()
        if task != "refresh":
            self._middle = "that did not work"
            # The attempt may have been paused or finished elsewhere.
            self._ask_for("refresh")

    def _take(self, state: AttemptState) -> None:
        """Continue from the recorded state."""
        if state.paused != self._state.paused:
            text = (
                "Paused. The clock is stopped; press p to continue."
                if state.paused
                else "The clock is running."
            )
            self._view.show(Note("paused" if state.paused else "resumed", text))
        self._state = state
        self._read_at = self._refreshed_at = self._now()
        if not state.is_open and not self.over:
            self._view.show(Note("over", _farewell(state, self._way)))
            self.over = True

    def _ask_for(self, task: Task) -> None:
        """Do ``task`` when its turn comes; never twice in a row."""
        if task not in self._waiting:
            self._waiting.append(task)
        if not self._running:
            self._run_next()

    def _run_next(self) -> None:
        if self._waiting and not self.over:
            task = self._waiting.pop(0)
            self._held_seconds = self._left()
            self._running = task
            self._middle = {"test": "testing …", "submit": "judging …"}.get(task, self._middle)
            self._thread.post(task, self._tasks[task])

    def _answer(self, key: str) -> None:
        self._question = ""
        if key in ("y", "Y"):
            self._ask_for("reset")
        else:
            self._view.show(Note("kept", "Nothing was changed."))

    def _quit(self) -> None:
        if self._running == "submit" and not self._leaving:
            self._leaving = True
            text = (
                "Your submission is being judged. Press q again to leave; "
                "`harness submit` shows its result."
            )
            self._view.show(Note("busy", text))
            return
        self.over = True
        self._view.show(Note("left", _see_you(self._state, self._way)))

    def _show_hint(self) -> None:
        hints = self._problem.level(self._state.level).hints
        if self._hint < len(hints):
            self._hint += 1
            text = f"Hint {self._hint} of {len(hints)}: {hints[self._hint - 1]}"
        else:
            text = (
                "There are no more hints for this level." if hints else "This level has no hints."
            )
        self._view.show(Note("hint", text))

    def _look_at_files(self) -> None:
        now = self._now()
        if now - self._polled_at < self._rest_seconds:
            return
        self._polled_at = now
        files = self._fingerprint()
        self._rest_seconds = max(POLL_SECONDS, REST * (self._now() - now))
        if files != self._files:
            self._files = files
            self._changed_at = now
        elif self._changed_at is not None and now - self._changed_at >= DEBOUNCE_SECONDS:
            self._changed_at = None
            if self._state.paused:
                self._view.show(Note("paused", "Paused, so no test was run. Press p to continue."))
            else:
                self._ask_for("test")

    def _look_at_clock(self) -> None:
        left = self._left()
        for limit in (SOON_SECONDS, LAST_SECONDS):
            if left <= limit and limit not in self._warned:
                self._warned.append(limit)
                self._view.show(Note("time", f"{limit // 60} minutes left."))
        if left <= 0 and 0 not in self._warned and self._state.mode is Mode.PRACTICE:
            self._warned.append(0)
            text = "Time is up. In practice mode you can continue; the report will note it."
            self._view.show(Note("time", text))
        idle = not self._running and "refresh" not in self._waiting
        expired = left <= 0 and self._state.mode is Mode.EXAM
        waited = self._now() - self._refreshed_at
        if idle and waited >= (AGAIN_SECONDS if expired else REFRESH_SECONDS):
            self._ask_for("refresh")

    def _left(self) -> float:
        """Seconds left now; the same while the clock stands still or a submission is judged."""
        if self._running == "submit":
            return self._held_seconds
        if self._state.stands_still:
            return self._state.remaining_seconds
        return self._state.remaining_seconds - (self._now() - self._read_at)

    def _draw(self) -> None:
        if self.over:
            return
        exam = self._state.mode is Mode.EXAM
        words = {**_WORDS, "p": "resume"} if self._state.paused else _WORDS
        self._view.bar(
            BarState(
                level=self._state.level,
                accepted=tuple(
                    level.accepted_at_seconds is not None for level in self._state.levels
                ),
                middle=self._middle,
                remaining_seconds=self._left(),
                paused=self._state.paused,
                keys=tuple((k, words[k]) for k in CHOICES if not (exam and k in _EXAM_REFUSES)),
                question=self._question,
            )
        )


def _score_text(kind: str, judgement: Judgement) -> str:
    if judgement.verdict is Verdict.JUDGE_ERROR:
        return "the judge failed"
    passed = sum(judgement.passed(level) for level in judgement.levels)
    return f"{kind} {passed}/{len(judgement.outcomes)}"


def _farewell(state: AttemptState, way: str) -> str:
    report = f"`{way}harness report` shows how it went."
    if state.end is End.COMPLETED:
        return f"Every level is accepted: you are done. {report}"
    if state.end is End.EXPIRED:
        return f"Time is up. Your last submission counts. {report}"
    return f"This attempt is finished. {report}"


def _see_you(state: AttemptState, way: str) -> str:
    if state.paused:
        return f"Paused. `{way}harness resume` starts the clock again."
    return f"The clock keeps running. `{way}harness watch` brings you back."
