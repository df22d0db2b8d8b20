"""The loop of ``harness watch``: turns saves, keys and the clock into tasks, output and a bar.

Knows neither the terminal nor the judge: it is driven by ``tick`` and ``press``, posts tasks, and
hands what is to be seen to functions, so that tests need neither.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Literal

from harness.app.overview import Standing
from harness.app.work import JudgedSubmission, JudgedTests, Statement
from harness.cli.pager import READING_KEYS
from harness.cli.sentences import end_sentences, level_sentence, unsubmitted_sentence
from harness.cli.watch_bar import BarState
from harness.cli.watch_screen import InFull, Note, Screen, Shown, Unlocked
from harness.errors import CancelledError, HarnessError, JudgeError
from harness.model.attempt import AttemptState, Mode
from harness.model.judgement import CaseOutcome, Observer, Verdict
from harness.reports.standings import level_seconds, planned_seconds, standing_of
from harness.words import LAST_SECONDS, SOON_SECONDS, points_text

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
    "reset",
    "pause",
    "resume",
    "statement",
    "levels",
    "hint",
    "keep",
    "refresh",
    "warn",
    "end",
]
LOOKS: Final = frozenset(
    {"statement", "levels", "hint", "keep", "refresh", "warn", "end"},
)
"""The tasks that need no judge, and so need not wait until it is done."""
_KEYS: Final[dict[str, tuple[str, Task | None]]] = {
    "t": ("test", "test"),
    "s": ("submit", "submit"),
    "z": ("stop", None),
    "c": ("statement", "statement"),
    "f": ("failures", None),
    "k": ("keep", None),
    "l": ("levels", "levels"),
    "h": ("hint", "hint"),
    "x": ("reset", None),
    "p": ("pause", None),
    "q": ("quit", None),
}
"""Each key with its word and the task it starts at once, the most important first."""
_EXAM_REFUSES: Final = {"h": "An exam has no hints.", "p": "An exam has no pauses."}
_PAUSED: Final = "Paused. The clock is stopped; press p to continue."


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
        stop: Callable[[], None],
        count: Count,
        fingerprint: Callable[[], object],
        screen: Screen,
        standing: Standing,
        way: str,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare a watch.

        ``post`` starts a task, whose result comes with a later ``tick``; ``stop`` ends the run of
        the judge; ``fingerprint`` returns what changes when a file changed; ``way`` precedes the
        commands named when leaving.
        """
        self.over = False
        self.result: JudgedTests | JudgedSubmission | None = None
        """The last one."""
        self._post = post
        self._stop = stop
        self._count = count
        self._fingerprint = fingerprint
        self._screen = screen
        self._problem = standing.problem
        self._score = standing.score
        self._now = now
        self._way = way
        self._running: Task | None = None
        self._waiting: list[Task] = []
        self._stopped = False
        """Whether the running task is to stop."""
        self._stale = False
        """Whether the state was changed since the record was last asked for it."""
        self._looking: set[Task] = set()
        self._held_seconds = 0.0
        self._question: str = ""
        self._reading = False
        self._moment = ""
        """How the level went that was accepted last, until the next statement is shown."""
        self._leaving = False
        self._middle = "save a file to test it"
        self._files = fingerprint()
        self._changed_at: float | None = None
        self._polled_at = self._refreshed_at = now()
        self._rest_seconds = POLL_SECONDS
        self._state = standing.state
        self._read_at = now()
        self._warned = [limit for limit in (SOON_SECONDS, LAST_SECONDS, 0) if self._left() <= limit]

    def begin(self, *, run: bool) -> None:
        """Start: with a first run, or with the statement and a judge that gets ready for one."""
        if self._state.paused:
            self._show(Note("paused", _PAUSED))
        if run and not self._state.paused:
            self._ask_for("test")
        else:
            self._post("prepare")
        if not run:
            self._look("statement")
        self._draw()

    def press(self, key: str) -> None:
        """A person pressed ``key``."""
        if key == "redraw":
            self._screen.redraw()
        elif self._reading:
            self._reading = self._screen.turn(key)
        elif self._question:
            self._question = ""
            if key in ("y", "Y"):
                self._interrupt("reset")
            else:
                self._show(Note("kept", "Nothing was changed."))
        elif self._state.mode is Mode.EXAM and key in _EXAM_REFUSES:
            self._show(Note("refused", _EXAM_REFUSES[key]))
        else:
            self._act_on(key)
        self._draw()

    def _act_on(self, key: str) -> None:
        match key:
            case "q":
                self._quit()
            case "z":
                self._stop_run()
            case "f" | "k" if self.result is None:
                self._show(Note("nothing", "Nothing has run yet: press t."))
            case "f" if self.result is not None:
                self._show(InFull(self.result))
            case "k":
                self._look("keep")
            case "x":
                self._question = (
                    "Reset all files to the starting version? Yours are kept for undo.  y / n"
                )
            case "p":
                self._interrupt("resume" if self._state.paused else "pause")
            case "s" if self._running == "submit":
                self._show(Note("busy", "Your submission is being judged; z stops that."))
            case _:
                task = _KEYS.get(key, ("", None))[1]
                if task in LOOKS:
                    self._look(task)
                elif task is not None:
                    self._interrupt(task)

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
        self._looking.discard(task)
        if isinstance(value, CancelledError):
            self._was_stopped(task)
        elif isinstance(value, Exception):
            self._fail(task, value)
        elif isinstance(value, Standing) and task != "levels":
            self._take_standing(task, value)
        elif isinstance(value, AttemptState):
            self._take(value)
        elif isinstance(value, Statement) and self._moment:
            self._show(Unlocked(self._moment, value))
            self._moment = ""
        elif isinstance(value, Shown):
            self._show(value)
        if isinstance(value, JudgedTests | JudgedSubmission):
            self._judged(value)
        if task == "keep":
            self._files = self._fingerprint()  # what we wrote ourselves needs no test
        if task == self._running:
            self._running = None
            self._stale = True
            self._run_next()

    def _judged(self, result: JudgedTests | JudgedSubmission) -> None:
        judgement = result.judgement
        self.result = result
        if isinstance(result, JudgedSubmission):
            self._score = result.score
            self._middle = f"hidden {judgement.passed()}/{judgement.total()}"
            if result.opened is not None:
                self._middle = f"level {result.opened} is open"
                self._moment = level_sentence(result, judgement.levels[-1])
                self._look("statement")
        else:
            self._middle = f"visible {judgement.passed()}/{judgement.total()}"
            if result.unsubmitted:
                self._middle += ", not submitted: s"
        if judgement.verdict is Verdict.JUDGE_ERROR:
            self._middle = "the judge failed"
        self._post("prepare")
        self._take(result.state)

    def _was_stopped(self, task: Task) -> None:
        self._middle = "stopped"
        if task == "submit":
            text = (
                "Stopped. Your submission is recorded and not judged: s judges it. "
                "The clock stood still meanwhile."
            )
            self._show(Note("stopped", text))
            self._look("refresh")
        elif not self._waiting:
            text = "Stopped. Nothing was recorded, and the clock ran on, as for every test run."
            self._show(Note("stopped", text))
        self._post("prepare")

    def _fail(self, task: Task, error: Exception) -> None:
        """Show the error and continue: watching must survive any failed run."""
        if task == "prepare":
            return  # the next run will report what is wrong
        if task == "end":
            self._end(["This attempt is over."])
            return
        if not isinstance(error, HarnessError):
            what = f"Internal error in harness: {error!r}"
            error = JudgeError(what, "harness --debug status")
        self._show(error)
        self._refreshed_at = self._now()
        if task not in LOOKS:
            self._middle = "that did not work"
            # The attempt may have been paused or finished elsewhere.
            self._look("refresh")

    def _take_standing(self, task: Task, now: Standing) -> None:
        """Take what the record says, unless something has changed since it was asked."""
        if task == "end":
            self._end(end_sentences(now))
            return
        if task == "warn":
            limit = min(self._warned)
            text = f"{limit // 60} minutes left."
            if limit == 0:
                text = "Time is up. In practice mode you can continue; the report will note it."
            text = f"{text} {unsubmitted_sentence(now)}".strip()
            if self._reading:
                self._middle = text
            self._show(Note("time", text))
        self._score = now.score
        if self._stale or self._running:
            return
        self._take(now.state)

    def _take(self, state: AttemptState) -> None:
        """Continue from the recorded state."""
        if state.paused != self._state.paused:
            running = Note("resumed", "The clock is running.")
            self._show(Note("paused", _PAUSED) if state.paused else running)
        self._state = state
        self._read_at = self._refreshed_at = self._now()
        if not state.is_open:
            self._look("end")

    def _end(self, lines: Sequence[str]) -> None:
        if not self.over:
            self._show(Note("over", " ".join(lines), f"{self._way}harness report"))
            self.over = True

    def _show(self, value: Shown) -> None:
        if isinstance(value, Note) and value.kind in ("over", "left"):
            self._screen.close()
        self._reading = self._screen.show(value) or self._reading

    def _look(self, task: Task) -> None:
        """Do ``task`` now, beside the judge."""
        if task not in self._looking and not self.over:
            self._looking.add(task)
            if task == "refresh":
                self._stale = False
            self._post(task)

    def _interrupt(self, task: Task) -> None:
        """Do ``task`` as soon as possible: a test run is stopped for it."""
        if self._running == "test":
            self._stopped = True
            self._stop()
        self._ask_for(task)

    def _stop_run(self) -> None:
        if self._running in ("test", "submit"):
            self._waiting.clear()
            self._stopped = True
            self._stop()
        else:
            self._show(Note("stopped", "Nothing is running."))

    def _ask_for(self, task: Task) -> None:
        """Do ``task`` when its turn comes; never twice in a row."""
        if task not in self._waiting:
            self._waiting.append(task)
        if not self._running:
            self._run_next()

    def _run_next(self) -> None:
        if self._waiting and self._state.is_open and not self.over:
            task = self._waiting.pop(0)
            self._held_seconds = self._left()
            self._running = task
            self._stopped = False
            self._count.expected = 0
            self._post(task)

    def _quit(self) -> None:
        if self._running == "submit" and not self._leaving:
            self._leaving = True
            text = (
                "Your submission is being judged. Press q again to stop that and leave; "
                "`harness submit` judges it later."
            )
            self._show(Note("busy", text))
            return
        if self._state.paused:
            note = Note("left", "Paused. To start the clock again:", f"{self._way}harness resume")
        else:
            note = Note(
                "left", "The clock keeps running. To come back:", f"{self._way}harness watch"
            )
        self._show(note)
        self.over = True

    def _look_at_files(self) -> None:
        now = self._now()
        if "keep" in self._looking or now - self._polled_at < self._rest_seconds:
            return  # what is kept is no change of the solution
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
                self._interrupt("test")

    def _look_at_clock(self) -> None:
        left = self._left()
        for limit in (SOON_SECONDS, LAST_SECONDS, 0):
            is_end = limit == 0 and self._state.mode is Mode.EXAM
            if left <= limit and limit not in self._warned and not is_end:
                self._warned.append(limit)
                self._look("warn")
        expired = left <= 0 and self._state.mode is Mode.EXAM
        if expired and self._running == "test" and not self._stopped:
            self._stop_run()
        waited = self._now() - self._refreshed_at
        if not self._running and waited >= (AGAIN_SECONDS if expired else REFRESH_SECONDS):
            self._refreshed_at = self._now()
            self._look("refresh")

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
        exam, left = self._state.mode is Mode.EXAM, self._left()
        middle, count = self._middle, self._count
        busy = self._running in ("test", "submit")
        if busy:
            verb = "testing" if self._running == "test" else "judging"
            verb = "stopping" if self._stopped else verb
            middle = f"{verb} {count.done}/{count.expected}" if count.expected else f"{verb} …"
        state = replace(self._state, spent_seconds=self._state.allowed_seconds - left)
        keys = tuple(
            (key, "resume" if word == "pause" and state.paused else word)
            for key, (word, _) in _KEYS.items()
            if not (exam and key in _EXAM_REFUSES) and (busy or key != "z")
        )
        self._screen.draw_bar(
            BarState(
                levels=tuple(standing_of(state, level.number) for level in state.levels),
                middle=middle,
                level_seconds=level_seconds(state, state.level) or 0.0,
                planned_seconds=planned_seconds(self._problem, state, state.level),
                points=f"{points_text(self._score.total, self._score.max)} points",
                remaining_seconds=left,
                paused=state.paused,
                keys=READING_KEYS if self._reading else keys,
                question=self._question,
            )
        )
