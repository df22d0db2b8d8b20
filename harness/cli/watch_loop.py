"""The loop of ``harness watch``: turns saves, keys and the clock into tasks, output and a bar.

Knows neither the terminal nor the judge: it is driven by ``tick`` and ``press``, posts tasks, and
hands what is to be seen to functions, so that tests need neither.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, Literal

from harness.app.overview import Standing
from harness.app.restoring import Rewritten
from harness.app.work import JudgedSubmission, JudgedTests, Statement
from harness.errors import HarnessError, JudgeError
from harness.model.attempt import AttemptState, End, Mode
from harness.model.frozen import frozen
from harness.model.judgement import CaseOutcome, Observer, Verdict
from harness.words import LAST_SECONDS, SOON_SECONDS, remaining_text

if TYPE_CHECKING:
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

Task = Literal[
    "prepare",
    "test",
    "submit",
    "statement",
    "levels",
    "reset",
    "pause",
    "resume",
    "refresh",
]
_KEYS: Final[dict[str, tuple[str, Task | None]]] = {
    "t": ("test", "test"),
    "s": ("submit", "submit"),
    "c": ("statement", "statement"),
    "l": ("levels", "levels"),
    "h": ("hint", None),
    "x": ("reset", None),
    "p": ("pause", None),
    "q": ("quit", None),
}
"""Each key with its word and the task it starts at once, the most important first."""
_EXAM_REFUSES: Final = {"h": "An exam has no hints.", "p": "An exam has no pauses."}
_PAUSED: Final = "Paused. The clock is stopped; press p to continue."


@frozen
class Note:
    """One line for the person, and what it is about for programs."""

    kind: str
    text: str


Shown = Note | HarnessError | JudgedTests | JudgedSubmission | Statement | Standing | Rewritten
"""What is shown above the bar."""


@frozen
class BarState:
    """What the bar shows."""

    level: int
    accepted: tuple[bool, ...]
    """Per level: whether it is done."""
    middle: str
    """Test results, or the work in progress."""
    remaining_seconds: float
    """Negative in practice mode after the time limit."""
    paused: bool
    keys: tuple[tuple[str, str], ...]
    """Key and word, the most important first: those that do not fit are left out from the end."""
    question: str = ""
    """Replaces the keys while an answer is awaited."""


class Count(Observer):
    """How many cases of the running task are done. Written by the thread of the tasks."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self.done = self.expected = 0
        self._wake = wake

    def cases_collected(self, cases: Sequence[str]) -> None:
        """Begin to count; the judge may try once more."""
        self.done, self.expected = 0, len(cases)
        self._wake()

    def case_done(self, outcome: CaseOutcome) -> None:
        """Count one more."""
        self.done += 1
        self._wake()


class Watch:
    """One watch. ``over`` says when to leave."""

    def __init__(
        self,
        post: Callable[[Task], None],
        count: Count,
        fingerprint: Callable[[], object],
        show: Callable[[Shown], None],
        draw_bar: Callable[[BarState], None],
        problem: Problem,
        state: AttemptState,
        way: str,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare a watch.

        ``post`` starts a task, whose result comes with a later ``tick``; ``fingerprint`` returns
        what changes when a file changed; ``way`` precedes the commands named when leaving.
        """
        self.over = False
        self._post = post
        self._count = count
        self._fingerprint = fingerprint
        self._show = show
        self._draw_bar = draw_bar
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
            self._show(Note("paused", _PAUSED))
        if run and not self._state.paused:
            self._ask_for("test")
        else:
            self._post("prepare")
        self._draw()

    def press(self, key: str) -> None:
        """A person pressed ``key``."""
        if self._question:
            self._question = ""
            if key in ("y", "Y"):
                self._ask_for("reset")
            else:
                self._show(Note("kept", "Nothing was changed."))
        elif self._state.mode is Mode.EXAM and key in _EXAM_REFUSES:
            self._show(Note("refused", _EXAM_REFUSES[key]))
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
        elif task := _KEYS.get(key, ("", None))[1]:
            self._ask_for(task)
        self._draw()

    def tick(self, results: Sequence[tuple[Task, object]] = ()) -> None:
        """Process what tasks returned or raised, file changes and the clock."""
        for task, value in results:
            self._take_result(task, value)
        if self.over:
            return
        self._look_at_files()
        self._look_at_clock()
        self._draw()

    def _take_result(self, task: Task, value: object) -> None:
        if isinstance(value, AttemptState):
            self._take(value)
        elif isinstance(value, Exception):
            self._fail(task, value)
        elif isinstance(value, Shown):
            self._show(value)
        if isinstance(value, JudgedTests | JudgedSubmission):
            self._judged(value)
        if task == self._running:
            self._running = None
            self._run_next()

    def _judged(self, result: JudgedTests | JudgedSubmission) -> None:
        judgement = result.judgement
        kind = "hidden" if isinstance(result, JudgedSubmission) else "visible"
        self._middle = f"{kind} {judgement.passed()}/{judgement.total()}"
        if judgement.verdict is Verdict.JUDGE_ERROR:
            self._middle = "the judge failed"
        if isinstance(result, JudgedSubmission) and result.opened is not None:
            self._hint = 0
            self._middle = f"level {result.opened} is open: press c to read it"
        self._post("prepare")
        self._take(result.state)

    def _fail(self, task: Task, error: Exception) -> None:
        """Show the error and continue: watching must survive any failed run."""
        if task == "prepare":
            return  # the next run will report what is wrong
        if not isinstance(error, HarnessError):
            what = f"Internal error in harness: {error!r}"
            error = JudgeError(what, f"harness --debug {task}")
        self._show(error)
        self._refreshed_at = self._now()
        if task != "refresh":
            self._middle = "that did not work"
            # The attempt may have been paused or finished elsewhere.
            self._ask_for("refresh")

    def _take(self, state: AttemptState) -> None:
        """Continue from the recorded state."""
        if state.paused != self._state.paused:
            running = Note("resumed", "The clock is running.")
            self._show(Note("paused", _PAUSED) if state.paused else running)
        self._state = state
        self._read_at = self._refreshed_at = self._now()
        if not state.is_open and not self.over:
            why = {
                End.COMPLETED: "Every level is accepted: you are done.",
                End.EXPIRED: "Time is up. Your last submission counts.",
            }.get(state.end or End.FINISHED, "This attempt is finished.")
            self._show(Note("over", f"{why} `{self._way}harness report` shows how it went."))
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
            self._count.expected = 0
            self._post(task)

    def _quit(self) -> None:
        if self._running == "submit" and not self._leaving:
            self._leaving = True
            text = (
                "Your submission is being judged. Press q again to leave; "
                "`harness submit` shows its result."
            )
            self._show(Note("busy", text))
            return
        self.over = True
        if self._state.paused:
            text = f"Paused. `{self._way}harness resume` starts the clock again."
        else:
            text = f"The clock keeps running. `{self._way}harness watch` brings you back."
        self._show(Note("left", text))

    def _show_hint(self) -> None:
        hints = self._problem.level(self._state.level).hints
        if self._hint < len(hints):
            self._hint += 1
            text = f"Hint {self._hint} of {len(hints)}: {hints[self._hint - 1]}"
        else:
            text = (
                "There are no more hints for this level." if hints else "This level has no hints."
            )
        self._show(Note("hint", text))

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
                self._show(Note("paused", "Paused, so no test was run. Press p to continue."))
            else:
                self._ask_for("test")

    def _look_at_clock(self) -> None:
        left = self._left()
        for limit in (SOON_SECONDS, LAST_SECONDS):
            if left <= limit and limit not in self._warned:
                self._warned.append(limit)
                self._show(Note("time", f"{limit // 60} minutes left."))
        if left <= 0 and 0 not in self._warned and self._state.mode is Mode.PRACTICE:
            self._warned.append(0)
            text = "Time is up. In practice mode you can continue; the report will note it."
            self._show(Note("time", text))
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
        state, exam = self._state, self._state.mode is Mode.EXAM
        middle, count = self._middle, self._count
        if self._running in ("test", "submit"):
            verb = "testing" if self._running == "test" else "judging"
            middle = f"{verb} {count.done}/{count.expected}" if count.expected else f"{verb} …"
        self._draw_bar(
            BarState(
                level=state.level,
                accepted=tuple(level.accepted_at_seconds is not None for level in state.levels),
                middle=middle,
                remaining_seconds=self._left(),
                paused=state.paused,
                keys=tuple(
                    (key, "resume" if word == "pause" and state.paused else word)
                    for key, (word, _) in _KEYS.items()
                    if not (exam and key in _EXAM_REFUSES)
                ),
                question=self._question,
            )
        )


_ANSI: Final = {
    "": "",
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "good": "\x1b[32m",
    "here": "\x1b[1;36m",
    "soon": "\x1b[33m",
    "last": "\x1b[1;31m",
}
_WITHOUT_COLOUR: Final = ("bold", "dim")

Part = tuple[str, str]
"""A text and the name of its style."""


def bar_lines(state: BarState, columns: int, *, colour: bool) -> list[str]:
    """Return the two lines of the bar, each narrower than ``columns``."""
    width = max(columns - 1, 1)
    clock = _clock(state)
    rail = [_level(number, state) for number in range(1, len(state.accepted) + 1)]
    left = _fit([*rail, (f"   {state.middle}", "")], width - len(clock[0]) - 2)
    gap = width - _length(left) - len(clock[0])
    keys = [
        part for key, word in state.keys for part in ((f" {key}", "bold"), (f" {word} ", "dim"))
    ]
    if state.question:
        keys = [(f" {state.question}", "bold")]
    elif _length(keys) > width:
        keys = keys[::2]  # without their words
    lines = _fit([*left, (" " * gap, ""), clock], width), _fit(keys, width)
    return ["".join(_painted(text, style, colour=colour) for text, style in line) for line in lines]


def _level(number: int, state: BarState) -> Part:
    if state.accepted[number - 1]:
        return f" ✔ {number} ", "good"
    return (f" ▶ {number} ", "here") if number == state.level else (f" · {number} ", "dim")


def _clock(state: BarState) -> Part:
    text = remaining_text(state.remaining_seconds)
    if state.paused:
        return f"paused, {text}", "soon"
    if state.remaining_seconds < LAST_SECONDS:
        return text, "last"
    return text, "soon" if state.remaining_seconds < SOON_SECONDS else ""


def _length(parts: Iterable[Part]) -> int:
    return sum(len(text) for text, _ in parts)


def _fit(parts: Iterable[Part], width: int) -> list[Part]:
    """Cut what does not fit."""
    fitting = []
    for text, style in parts:
        if width <= 0:
            break
        fitting.append((text[:width], style))
        width -= len(text)
    return fitting


def _painted(text: str, style: str, *, colour: bool) -> str:
    code = _ANSI[style] if colour or style in _WITHOUT_COLOUR else ""
    return f"{code}{text}\x1b[0m" if code else text
