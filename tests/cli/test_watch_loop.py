"""The loop, driven by hand: no terminal, no judge, no time that passes by itself."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.app.overview import Standing
from harness.app.work import JudgedSubmission, JudgedTests, Statement
from harness.cli.watch_bar import BarState, bar_lines
from harness.cli.watch_loop import DEBOUNCE_SECONDS, POLL_SECONDS, REST, Count, Watch
from harness.cli.watch_screen import InFull, Note, Unlocked
from harness.errors import CancelledError, JudgeError, RequestError
from harness.model.attempt import End, LevelState, Mode
from harness.model.judgement import CaseOutcome, Judgement, Suite, Verdict
from harness.model.manifest import LevelSpec
from harness.model.score import Score
from tests.making import make_attempt, make_problem

PROBLEM = make_problem(
    "steps",
    [
        LevelSpec(id="one", title="One", summary="S", minutes=5, points=10, hints=("A", "B")),
        LevelSpec(id="two", title="Two", summary="S", minutes=5, points=10),
    ],
    title="Steps",
)


def make_state(**changes):
    return make_attempt(PROBLEM, **({"minutes": 60} | changes))


def make_judgement(suite, passed, total):
    outcomes = tuple(
        CaseOutcome(
            case=f"level1::test_{number}",
            level=1,
            title="T",
            verdict=Verdict.ACCEPTED if number < passed else Verdict.WRONG_ANSWER,
            seconds=0.0,
        )
        for number in range(total)
    )
    return Judgement(suite=suite, levels=(1,), outcomes=outcomes)


WORTH = Score(levels=(), total=0, max=20, estimate=200)


def make_standing(state, unsubmitted=(), *, tested=None):
    return Standing(state, PROBLEM, WORTH, unsubmitted, tested)


class FakeTasks:
    """Keeps tasks until the test lets one run; each answers with what is in ``answers``."""

    def __init__(self):
        self.posted: list[str] = []
        self.answers: dict[str, object] = {}


class FakeView:
    """A screen on which every statement is a page of two screens."""

    def __init__(self):
        self.shown: list[object] = []
        self.bars: list[BarState] = []
        self.pages = 0
        self.redrawn = 0

    def show(self, value):
        self.shown.append(value)
        if isinstance(value, Statement | Unlocked | InFull):
            self.pages = 1
            return True
        return False

    def turn(self, key):
        if key == "q":
            self.pages = 0
        return self.pages > 0

    def close(self):
        self.pages = 0

    def draw_bar(self, state):
        self.bars.append(state)

    def redraw(self):
        self.redrawn += 1

    @property
    def texts(self):
        return [value.text for value in self.shown if isinstance(value, Note)]


class Rig:
    """A watch with everything around it."""

    def __init__(self, state, *, run=False, way=""):
        self.time = 100.0
        self.files: object = 0
        self.fingerprint = lambda: self.files
        self.tasks, self.view, self.count = FakeTasks(), FakeView(), Count(lambda: None)
        self.state = state
        self.stops = 0
        standing = make_standing(state)
        self.tasks.answers = dict.fromkeys(("refresh", "warn", "end"), standing)
        self.watch = Watch(
            self.tasks.posted.append,
            self.stop,
            self.count,
            lambda: self.fingerprint(),
            self.view,
            standing,
            way,
            lambda: self.time,
        )
        self.watch.begin(run=run)
        if not run:
            assert self.finish_tasks() == ["prepare", "statement"]

    def stop(self):
        self.stops += 1

    def record(self, state, unsubmitted=(), *, tested=None):
        """Let the record say this from now on."""
        standing = make_standing(state, unsubmitted, tested=tested)
        self.tasks.answers |= dict.fromkeys(("refresh", "warn", "end"), standing)

    def pass_time(self, seconds):
        self.time += seconds
        self.watch.tick()

    def save(self):
        self.files = object()

    def finish_tasks(self):
        """Run everything that is posted, and what follows from it."""
        ran = []
        while self.tasks.posted:
            ran.append(self.tasks.posted.pop(0))
            self.watch.tick([(ran[-1], self.tasks.answers.get(ran[-1]))])
        return ran

    def run(self, key, **answers):
        """Press ``key`` and finish what follows, with these answers of tasks."""
        self.tasks.answers |= answers
        self.watch.press(key)
        return self.finish_tasks()

    def lie_still(self):
        """Let so much time pass that a save counts."""
        for _ in range(4):
            self.pass_time(DEBOUNCE_SECONDS)

    @property
    def bar(self):
        return self.view.bars[-1]

    def tested(self, passed=1, total=2):
        return JudgedTests(self.state, PROBLEM, make_judgement(Suite.VISIBLE, passed, total))

    def submitted(self, state, opened=None, passed=2):
        judgement = make_judgement(Suite.HIDDEN, passed, 2)
        return JudgedSubmission(state, PROBLEM, judgement, WORTH, opened, resumed=False)


@pytest.fixture
def rig():
    return Rig(make_state())


@pytest.fixture
def exam():
    return Rig(make_state(mode=Mode.EXAM))


class TestSaves:
    def test_a_save_runs_the_tests_once_the_files_lie_still(self, rig):
        step = 0.75 * DEBOUNCE_SECONDS
        rig.save()
        rig.pass_time(step)
        rig.save()
        rig.pass_time(step)
        assert rig.tasks.posted == []
        rig.pass_time(step)
        rig.pass_time(step)
        assert rig.tasks.posted == ["test"]
        rig.pass_time(5)
        assert rig.tasks.posted == ["test"]

    def test_files_are_looked_at_once_per_interval_at_most(self, rig):
        looks = []
        rig.fingerprint = lambda: looks.append(1)
        for _ in range(16):
            rig.pass_time(0.625 * POLL_SECONDS)
        assert len(looks) == 8

    def test_a_workspace_that_takes_long_to_look_at_is_looked_at_less_often(self, rig):
        looks = []

        def look():
            looks.append(rig.time)
            rig.time += 0.02  # some ten thousand files

        rig.fingerprint = look
        while rig.time < 110:
            rig.pass_time(POLL_SECONDS)
        assert 20 <= len(looks) <= 10 / (REST * 0.02)

    def test_a_save_stops_the_tests_that_run_and_runs_them_once_more(self, rig):
        rig.tasks.answers["test"] = CancelledError("stopped")
        rig.watch.press("t")
        for _ in range(3):
            rig.save()
            rig.lie_still()
        assert rig.tasks.posted == ["test"]
        assert rig.stops == 3
        assert rig.bar.middle == "stopping …"
        assert rig.finish_tasks() == ["test", "prepare", "test", "prepare"]
        assert len(rig.view.texts) == 1  # of the second one, which nothing followed

    def test_a_save_does_not_stop_a_submission(self, rig):
        rig.watch.press("s")
        rig.save()
        rig.lie_still()
        assert rig.stops == 0
        rig.tasks.answers |= {"submit": rig.submitted(make_state()), "test": rig.tested()}
        assert rig.finish_tasks() == ["submit", "prepare", "test", "prepare"]

    def test_no_run_while_paused(self):
        rig = Rig(make_state(paused=True))
        rig.save()
        rig.lie_still()
        assert rig.tasks.posted == []
        assert rig.view.texts[-1] == "Paused, so no test was run. Press p to continue."

    def test_the_first_run_needs_no_save(self):
        assert Rig(make_state(), run=True).tasks.posted == ["test"]

    def test_no_first_run_while_paused(self):
        rig = Rig(make_state(paused=True), run=True)
        assert rig.tasks.posted == ["prepare"]
        assert rig.view.texts == ["Paused. The clock is stopped; press p to continue."]

    def test_nothing_is_ever_submitted_by_itself(self, rig):
        rig.tasks.answers["test"] = rig.tested(2, 2)
        rig.save()
        for _ in range(100):
            rig.pass_time(0.125)
            rig.finish_tasks()
        assert not any(isinstance(value, JudgedSubmission) for value in rig.view.shown)


class TestKeys:
    @pytest.mark.parametrize(
        ("key", "task"),
        [("t", "test"), ("s", "submit"), ("c", "statement"), ("l", "levels"), ("p", "pause")],
    )
    def test_starts_a_task(self, rig, key, task):
        rig.watch.press(key)
        assert rig.tasks.posted == [task]

    @pytest.mark.parametrize("key", ["y", "T", "1", " ", "backspace"])
    def test_other_keys_do_nothing(self, rig, key):
        rig.watch.press(key)
        assert rig.tasks.posted == []
        assert rig.view.shown == []

    def test_results_are_shown(self, rig):
        statement = Statement(1, "One", "# One")
        rig.run("c", statement=statement)
        assert rig.view.shown == [statement]

    def test_the_judge_gets_ready_after_each_run(self, rig):
        assert rig.run("t", test=rig.tested()) == ["test", "prepare"]

    def test_reset_asks(self, rig):
        rig.watch.press("x")
        assert rig.bar.question.startswith("Reset all files")
        rig.watch.press("n")
        assert rig.tasks.posted == []
        assert rig.view.texts == ["Nothing was changed."]
        rig.watch.press("x")
        rig.watch.press("y")
        assert rig.tasks.posted == ["reset"]
        assert rig.bar.question == ""

    def test_a_question_takes_the_next_key_whatever_it_is(self, rig):
        rig.watch.press("x")
        rig.watch.press("s")
        assert rig.tasks.posted == []

    def test_hints_one_by_one(self, rig):
        rig.watch.press("h")
        assert rig.tasks.posted == ["hint"]
        rig.watch.press("h")
        assert rig.finish_tasks() == ["hint"]
        rig.watch.press("h")
        assert rig.finish_tasks() == ["hint"]

    def test_pause_and_resume(self, rig):
        rig.tasks.answers["pause"] = make_state(paused=True, spent_seconds=60.0)
        rig.run("p", resume=make_state(spent_seconds=60.0))
        assert rig.bar.paused
        assert ("p", "resume") in rig.bar.keys
        rig.pass_time(10)
        assert rig.bar.remaining_seconds == 3540.0
        rig.run("p")
        rig.pass_time(10)
        assert rig.bar.remaining_seconds == 3530.0
        assert len(rig.view.texts) == 2

    def test_an_exam_has_neither_hints_nor_pause(self, exam):
        exam.watch.press("h")
        exam.watch.press("p")
        assert exam.view.texts == ["An exam has no hints.", "An exam has no pauses."]
        assert exam.tasks.posted == []
        assert "hint" not in dict(exam.bar.keys).values()

    def test_quit(self, rig):
        rig.watch.press("q")
        assert rig.watch.over
        assert "The clock keeps running." in rig.view.texts[-1]

    def test_quit_while_paused(self):
        rig = Rig(make_state(paused=True))
        rig.watch.press("q")
        assert rig.view.shown[-1].following == "harness resume"

    def test_afterwards_from_another_folder(self):
        rig = Rig(make_state(), way="cd ~/w && ")
        rig.watch.press("q")
        assert rig.view.texts == ["The clock keeps running. To come back:"]
        assert rig.view.shown[-1].following == "cd ~/w && harness watch"

    def test_quit_while_testing_needs_no_second_key(self, rig):
        rig.watch.press("t")
        rig.watch.press("q")
        assert rig.watch.over

    def test_quit_while_a_submission_is_judged_asks_for_a_second_key(self, rig):
        rig.watch.press("s")
        rig.watch.press("q")
        assert not rig.watch.over
        assert "is being judged" in rig.view.texts[-1]
        rig.watch.press("q")
        assert rig.watch.over


class TestStopping:
    """A run that is stuck is stopped at once: by its own key, and by keys that ask for more."""

    def test_by_its_key(self, rig):
        rig.watch.press("t")
        assert ("z", "stop") in rig.bar.keys
        rig.watch.press("z")
        assert rig.stops == 1
        rig.tasks.answers["test"] = CancelledError("stopped")
        assert rig.finish_tasks() == ["test", "prepare"]
        assert "Stopped. Nothing was recorded, and the clock ran on" in rig.view.texts[-1]
        assert ("z", "stop") not in rig.bar.keys

    @pytest.mark.parametrize(("key", "task"), [("t", "test"), ("s", "submit"), ("p", "pause")])
    def test_by_a_key_that_asks_for_something_else(self, rig, key, task):
        rig.watch.press("t")
        rig.watch.press(key)
        assert rig.stops == 1
        rig.tasks.answers["test"] = CancelledError("stopped")
        rig.watch.tick([("test", rig.tasks.answers["test"])])
        assert rig.tasks.posted[-1] == task
        assert rig.view.texts == []

    @pytest.mark.parametrize("key", ["c", "l", "h"])
    def test_what_only_shows_something_waits_for_nothing(self, rig, key):
        rig.watch.press("t")
        rig.watch.press(key)
        assert rig.stops == 0
        assert len(rig.tasks.posted) == 2

    def test_a_submission_stays_recorded(self, rig):
        rig.watch.press("s")
        rig.watch.press("z")
        rig.tasks.answers["submit"] = CancelledError("stopped")
        assert rig.finish_tasks() == ["submit", "refresh", "prepare"]
        assert "is recorded and not judged: s judges it" in rig.view.texts[-1]
        assert not any(isinstance(value, JudgedSubmission) for value in rig.view.shown)

    def test_a_second_s_submits_no_second_time(self, rig):
        rig.watch.press("s")
        rig.watch.press("s")
        rig.tasks.answers["submit"] = rig.submitted(make_state())
        assert rig.finish_tasks() == ["submit", "prepare"]

    def test_a_run_that_ended_meanwhile_is_shown(self, rig):
        rig.watch.press("t")
        rig.watch.press("z")
        rig.tasks.answers["test"] = rig.tested()
        rig.finish_tasks()
        assert rig.bar.middle == "visible 1/2"

    def test_nothing_to_stop(self, rig):
        rig.watch.press("z")
        assert (rig.stops, rig.view.texts) == (0, ["Nothing is running."])

    def test_the_end_of_an_exam_stops_a_test_run(self, exam):
        exam.watch.press("t")
        exam.pass_time(3601)
        assert exam.stops == 1
        exam.pass_time(1)
        assert exam.stops == 1


class TestReading:
    def test_the_statement_takes_keys_until_it_is_closed(self, rig):
        rig.run("c", statement=Statement(1, "One", "# One"))
        assert ("space", "more") in rig.bar.keys
        rig.watch.press("s")
        rig.watch.press(" ")
        assert rig.tasks.posted == []
        rig.watch.press("q")
        assert not rig.watch.over
        assert ("s", "submit") in rig.bar.keys

    def test_a_new_level_is_read_at_once(self, rig):
        rig.tasks.answers["submit"] = rig.submitted(make_state(level=2), opened=2)
        rig.tasks.answers["statement"] = Statement(2, "Two", "# Two")
        rig.watch.press("s")
        assert "statement" in rig.finish_tasks()
        assert isinstance(rig.view.shown[-1], Unlocked)
        assert rig.view.shown[-1].moment.startswith("Level 1 is done: ")
        rig.watch.press("q")
        rig.run("c")
        assert isinstance(rig.view.shown[-1], Statement)

    def test_saves_are_tested_and_warnings_seen_meanwhile(self, rig):
        rig.tasks.answers |= {"statement": Statement(1, "One", "# One"), "test": rig.tested()}
        rig.run("c")
        rig.save()
        rig.lie_still()
        assert "test" in rig.finish_tasks()
        assert rig.bar.middle == "visible 1/2"
        rig.record(make_state(spent_seconds=3001.0))
        rig.pass_time(3001)
        rig.finish_tasks()
        assert rig.bar.middle == "10 minutes left."
        assert rig.view.pages == 1

    def test_the_end_closes_the_page(self, rig):
        rig.run("c", statement=Statement(1, "One", "# One"))
        rig.record(make_state(end=End.FINISHED))
        rig.pass_time(16)
        rig.finish_tasks()
        assert rig.watch.over
        assert rig.view.pages == 0

    def test_failures_in_full(self, rig):
        rig.watch.press("f")
        assert rig.view.texts == ["Nothing has run yet: press t."]
        rig.run("t", test=rig.tested())
        rig.watch.press("f")
        assert rig.view.shown[-1] == InFull(rig.tasks.answers["test"])

    def test_redrawing(self, rig):
        rig.watch.press("redraw")
        assert rig.view.redrawn == 1


def test_keeping_needs_a_result_and_starts_no_test(rig):
    rig.watch.press("k")
    assert rig.tasks.posted == []
    rig.run("t", test=rig.tested())
    rig.watch.press("k")
    rig.save()  # the file that is written
    assert rig.finish_tasks() == ["keep"]
    rig.lie_still()
    assert rig.tasks.posted == []


class TestBar:
    def test_progress(self, rig):
        rig.watch.press("t")
        assert rig.bar.middle == "testing …"
        rig.count.cases_collected(["a", "b", "c"])
        rig.count.case_done(None)
        rig.watch.tick()
        assert rig.bar.middle == "testing 1/3"
        rig.count.cases_collected(["a", "b"])
        rig.watch.tick()
        assert rig.bar.middle == "testing 0/2"
        rig.finish_tasks()
        rig.watch.press("s")
        assert rig.bar.middle == "judging …"

    def test_results(self, rig):
        rig.run("t", test=rig.tested(1, 2))
        assert rig.bar.middle == "visible 1/2"
        rig.run("s", submit=rig.submitted(make_state(), passed=1))
        assert rig.bar.middle == "hidden 1/2"

    def test_an_opened_level(self, rig):
        levels = (
            LevelState(number=1, opened_at_seconds=0.0, accepted_at_seconds=9.0),
            LevelState(number=2, opened_at_seconds=9.0),
        )
        rig.run("s", submit=rig.submitted(make_state(level=2, levels=levels), opened=2))
        assert rig.bar.middle == "level 2 is open"
        assert rig.bar.levels == ("accepted", "current")
        assert not rig.watch.over

    def test_the_clock_stands_still_while_the_judge_is_broken(self):
        rig = Rig(make_state(judge_broken=True))
        before = rig.bar.remaining_seconds
        rig.pass_time(30)
        assert rig.bar.remaining_seconds == before

    def test_the_clock_stands_still_while_a_submission_is_judged(self, rig):
        rig.pass_time(10)
        rig.watch.press("s")
        rig.pass_time(30)
        assert rig.bar.remaining_seconds == 3590.0


class TestClock:
    def test_counts_down(self, rig):
        rig.pass_time(1.5)
        assert rig.bar.remaining_seconds == 3598.5

    def test_warns_once_each(self, rig):
        rig.record(make_state(spent_seconds=3001.0), ("solution.py",), tested=True)
        rig.pass_time(3001)
        rig.finish_tasks()
        rig.pass_time(1)
        assert rig.view.texts == [
            "10 minutes left. Not submitted: your latest changes to solution.py, which pass the "
            "visible tests."
        ]
        rig.record(make_state(spent_seconds=3481.0), ("solution.py",), tested=False)
        rig.pass_time(480)
        rig.finish_tasks()
        assert rig.view.texts[1:] == [
            "2 minutes left. Not submitted: your latest changes to solution.py."
        ]

    def test_warns_beside_a_run_that_is_stuck(self, rig):
        rig.watch.press("t")
        rig.pass_time(3001)
        assert rig.tasks.posted == ["test", "warn"]

    def test_does_not_warn_of_what_was_over_at_the_start(self):
        rig = Rig(make_state(spent_seconds=3590.0))
        rig.pass_time(1)
        assert rig.view.texts == []

    def test_practice_goes_on_after_the_time(self, rig):
        rig.record(make_state(spent_seconds=3601.0), ("solution.py",))
        rig.pass_time(3601)
        rig.finish_tasks()
        rig.pass_time(1)
        rig.finish_tasks()
        assert not rig.watch.over
        assert rig.view.texts[-1].startswith("Time is up.")
        assert len([text for text in rig.view.texts if text.startswith("Time is up")]) == 1

    def test_an_exam_ends_at_its_deadline(self, exam):
        ended = make_state(mode=Mode.EXAM, end=End.EXPIRED, submissions=1)
        exam.record(ended, ("solution.py",), tested=True)
        exam.pass_time(3600)
        exam.finish_tasks()
        assert exam.watch.over
        assert exam.view.texts[-1] == (
            "Time is up. Your last submission counts: 0 of 20 points. Not submitted: your latest "
            "changes to solution.py, which pass the visible tests. That does not count."
        )
        assert exam.view.shown[-1].following == "harness report"

    def test_an_exam_without_a_submission_says_that_nothing_counts(self, exam):
        exam.record(make_state(mode=Mode.EXAM, end=End.EXPIRED))
        exam.pass_time(3600)
        exam.finish_tasks()
        assert exam.view.texts[-1] == (
            "Time is up. Nothing was submitted, so nothing counts: 0 of 20 points."
        )

    def test_an_exam_waits_for_the_submission_that_is_judged(self, exam):
        exam.pass_time(3599)
        exam.finish_tasks()
        exam.watch.press("s")
        exam.pass_time(10)
        assert exam.tasks.posted == ["submit"]
        ended = make_state(mode=Mode.EXAM, end=End.EXPIRED)
        exam.tasks.answers["submit"] = exam.submitted(ended)
        exam.record(ended)
        exam.finish_tasks()
        assert exam.watch.over
        assert isinstance(exam.view.shown[-2], JudgedSubmission)

    def test_looks_at_the_record_now_and_then(self, rig):
        rig.record(make_state(end=End.FINISHED))
        rig.pass_time(14)
        assert rig.tasks.posted == []
        rig.pass_time(1)
        assert rig.finish_tasks() == ["refresh", "end"]
        assert rig.watch.over
        assert rig.view.texts[-1].startswith("This attempt is finished.")


class TestEnds:
    def test_completed(self, rig):
        rig.tasks.answers["submit"] = rig.submitted(make_state(end=End.COMPLETED))
        rig.record(make_state(end=End.COMPLETED, submissions=1))
        rig.run("s")
        assert rig.watch.over
        assert rig.view.texts[-1].startswith("Every level is accepted")

    def test_nothing_runs_after_the_end(self, rig):
        rig.watch.press("s")
        rig.watch.press("t")
        rig.tasks.answers["submit"] = rig.submitted(make_state(end=End.COMPLETED))
        rig.record(make_state(end=End.COMPLETED))
        assert rig.finish_tasks() == ["submit", "prepare", "end"]


class TestFailures:
    def test_a_refusal_is_shown_and_the_record_read_again(self, rig):
        assert rig.run("t", test=RequestError("The file is a link.", "cp it")) == [
            "test",
            "refresh",
        ]
        assert [error.message for error in rig.view.shown] == ["The file is a link."]
        assert not rig.watch.over

    def test_a_crash_is_a_line_and_watching_goes_on(self, rig):
        rig.run("t", test=ZeroDivisionError("oops"))
        error = rig.view.shown[0]
        assert isinstance(error, JudgeError)
        assert "ZeroDivisionError" in error.message
        assert rig.run("t", test=rig.tested()) == ["test", "prepare"]

    def test_a_judge_that_does_not_get_ready_is_reported_by_the_next_run(self, rig):
        rig.tasks.answers |= {"prepare": OSError("no"), "test": rig.tested()}
        rig.run("t")
        assert [type(value) for value in rig.view.shown] == [JudgedTests]

    def test_a_record_that_cannot_be_read_is_not_asked_all_the_time(self, exam):
        exam.tasks.answers["refresh"] = OSError("gone")
        exam.pass_time(3601)
        for _ in range(10):
            exam.finish_tasks()
            exam.pass_time(0.1)
        assert len(exam.view.shown) <= 4


STYLE = re.compile(r"\x1b\[[0-9;]*m")
KEYS = (("t", "test"), ("s", "submit"), ("c", "statement"), ("l", "levels"), ("q", "quit"))


def bar(**changes):
    values = {
        "levels": ("accepted", "current", "locked", "locked"),
        "middle": "visible 5/8",
        "level_seconds": 250.0,
        "planned_seconds": 1200.0,
        "points": "150 of 1,000 points",
        "remaining_seconds": 2590.0,
        "paused": False,
        "keys": KEYS,
    }
    return BarState(**(values | changes))


def plain(state, columns=80):
    """The lines without any escape sequence."""
    return [STYLE.sub("", line) for line in bar_lines(state, columns, colour=True)]


def test_shows_levels_tests_clocks_points_and_keys():
    first, second, third = plain(bar())
    assert first.startswith(" ✔ 1  ▶ 2  · 3  · 4 ")
    assert first.endswith("level 4:10 of 20:00 · 43:10 left")
    assert second.startswith(" visible 5/8 ")
    assert second.endswith("150 of 1,000 points")
    assert third == " t test  s submit  c statement  l levels  q quit "


def test_a_wide_terminal_needs_one_line_for_the_facts():
    first, keys = plain(bar(middle="visible 5/5, not submitted: s"), 120)
    assert "visible 5/5, not submitted: s" in first
    assert first.endswith("level 4:10 of 20:00 · 150 of 1,000 points · 43:10 left")
    assert keys.startswith(" t test")


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_everything_is_whole_in_the_usual_sizes(columns):
    keys = (
        *(("t", "test"), ("s", "submit"), ("z", "stop"), ("c", "statement"), ("f", "failures")),
        *(("k", "keep"), ("l", "levels"), ("h", "hint"), ("x", "reset"), ("p", "resume")),
        ("q", "quit"),
    )
    state = bar(
        middle="visible 15/15, not submitted: s",
        remaining_seconds=5399.0,
        level_seconds=4000.0,
        planned_seconds=1800.0,
        paused=True,
        keys=keys,
    )
    text = "\n".join(plain(state, columns))
    assert "✔ 1  ▶ 2  · 3  · 4" in text
    assert "1:06:40 of 30:00" in text or columns == 60
    for part in ("visible 15/15, not submitted: s", "150 of 1,000 points", "1:29:59 left"):
        assert part in text
    for key, word in keys:
        assert f" {key} {word} " in f"{text.replace(chr(10), ' ')} "


def test_a_revealed_level_is_not_marked_as_passed():
    assert plain(bar(levels=("revealed", "current")))[0].startswith(" ○ 1  ▶ 2 ")


def colour_of_clock(seconds):
    line = bar_lines(bar(remaining_seconds=seconds), 80, colour=True)[0]
    return line.rsplit("\x1b[0m", 2)[-2] if line.endswith("\x1b[0m") else "plain"


def test_clock_changes_colour_when_time_runs_out():
    assert colour_of_clock(601) == "plain"
    assert "\x1b[33m" in colour_of_clock(599)
    assert "\x1b[1;31m" in colour_of_clock(119)


def test_no_colour_leaves_only_bold_and_dim():
    text = "".join(bar_lines(bar(remaining_seconds=30), 80, colour=False))
    assert not any(code in text for code in ("\x1b[3", "\x1b[1;3"))


def test_paused():
    assert plain(bar(paused=True))[0].endswith("paused, 43:10 left")


def test_a_question_replaces_the_keys():
    assert plain(bar(question="Reset?  y / n"))[-1] == " Reset?  y / n"


def test_narrow_terminal_keeps_every_key():
    assert plain(bar(), 12)[-1] == " t s c l q"


@given(
    columns=st.integers(1, 200),
    seconds=st.floats(-1e6, 1e6),
    middle=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=100),
    paused=st.booleans(),
    colour=st.booleans(),
)
def test_never_more_than_five_lines_narrower_than_the_terminal(
    columns, seconds, middle, paused, colour
):
    shown = bar(remaining_seconds=seconds, middle=middle, paused=paused)
    lines = bar_lines(shown, columns, colour=colour)
    assert 2 <= len(lines) <= 5
    assert all(len(STYLE.sub("", line)) <= max(columns - 1, 1) for line in lines)
