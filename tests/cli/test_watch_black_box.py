"""``harness watch`` in terminals of the usual sizes: stopping, reading, keeping, and the end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from harness.testing.leftovers import descendants

SIZES = [(60, 20), (80, 24), (120, 40)]
ENDLESS = "def step(place):\n    while True:\n        pass\n"
STUBBORN = """
import signal, sys, threading
for number in range(1, signal.NSIG):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass

def spin():
    while True:
        try:
            sys.stderr.write("x" * 100)
        except OSError:
            pass

def step(place):
    for _ in range(4):
        threading.Thread(target=spin).start()
    spin()
"""
LONG_STATEMENT = "# Level {level}\n\nWrite `step`.\n\n" + "".join(
    f"Sentence {number} of the statement.\n\n" for number in range(1, 60)
)
STYLE = re.compile(rb"\x1b\[[0-9;]*3[0-7]m")


@pytest.fixture
def slow(shell, tmp_path):
    """The pack with a time limit that no person would wait for, and long statements."""
    root = tmp_path / "pack" / "problems" / "steps"
    manifest = root / "problem.toml"
    text = manifest.read_text().replace(
        "[[levels]]", "[limits]\nwall_seconds = 30\ncpu_seconds = 30\n\n[[levels]]", 1
    )
    manifest.write_text(text)
    for level in (1, 2):
        (root / f"level{level}" / "statement.md").write_text(LONG_STATEMENT.format(level=level))
    assert shell("start", "steps", "--no-watch") == 0
    shell.cd(shell.work / "steps")
    return shell


@pytest.fixture
def solution(shell):
    return shell.work / "steps" / "solution.py"


def judged_processes(person):
    return len(descendants(person.process.pid))


class TestStopping:
    @pytest.mark.parametrize("source", [ENDLESS, STUBBORN], ids=["loop", "stubborn"])
    def test_a_save_stops_a_stuck_run_at_once(self, slow, sit_down, solution, first, source):
        person = sit_down("watch")
        person.sees_at_the_bottom("visible 0/1")
        solution.write_text(source)
        person.sees_at_the_bottom("testing 0/1")
        time.sleep(0.5)  # the solution is running
        begun = time.monotonic()
        solution.write_text(first)
        person.sees_at_the_bottom("visible 1/1, not submitted: s")
        assert time.monotonic() - begun < 5

    @pytest.mark.parametrize(("columns", "rows"), SIZES)
    def test_a_key_stops_a_stuck_run_at_once(self, slow, sit_down, solution, columns, rows):
        person = sit_down("watch", columns=columns, rows=rows)
        person.sees_at_the_bottom("visible 0/1")
        solution.write_text(ENDLESS)
        person.sees_at_the_bottom("z stop")
        person.sees_at_the_bottom("testing 0/1")
        person.type("z")
        person.sees("Stopped. Nothing was recorded", 5)
        person.sees_at_the_bottom("stopped")
        assert slow.json("status")["test_runs"] == 1
        person.type("q")
        assert person.ends() == 0

    def test_a_stopped_submission_is_recorded_and_judged_later(
        self, slow, sit_down, solution, first
    ):
        solution.write_text(first.replace("place + 1", "place + (1 if place == 1 else spin())"))
        with solution.open("a") as file:
            file.write("\n\ndef spin():\n    while True:\n        pass\n")
        person = sit_down("watch")
        person.sees_at_the_bottom("visible 1/1")
        person.type("s")
        person.sees_at_the_bottom("judging 0/1")
        spent = slow.json("status")["spent_seconds"]
        time.sleep(2)
        person.type("z")
        person.sees("Your submission is recorded and not judged", 5)
        status = slow.json("status")
        assert status["pending_submission"]
        assert status["submissions"] == 1
        assert status["spent_seconds"] - spent < 2  # judging is not charged
        assert status["levels"][0]["total"] == 0
        attempt = status["attempt"]
        person.type("q")
        assert person.ends() == 0
        assert slow("attempts", "export", attempt) == 0
        kinds = [event["kind"] for event in json.loads(slow.out)["events"]]
        assert kinds.count("cancelled") == 1
        assert "judged" not in kinds

    def test_nothing_is_left_when_a_stuck_run_is_left(self, slow, sit_down, solution):
        person = sit_down("watch")
        person.sees_at_the_bottom("visible 0/1")
        solution.write_text(STUBBORN)
        person.sees_at_the_bottom("testing 0/1")
        time.sleep(0.5)
        below = descendants(person.process.pid)
        assert below
        person.type("q")
        assert person.ends(5) == 0
        deadline = time.monotonic() + 5
        while any(os.path.exists(f"/proc/{pid}") for pid in below):
            assert time.monotonic() < deadline, below
            time.sleep(0.02)

    def test_control_c_of_a_submission_keeps_it(self, slow, solution):
        solution.write_text(ENDLESS)
        process = subprocess.Popen(
            [sys.executable, "-m", "harness", "submit"],
            cwd=solution.parent,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 30
        while not slow.json("status")["pending_submission"]:
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGINT)
        assert "Everything submitted is recorded." in process.communicate(timeout=30)[1]
        assert process.returncode == 130
        assert slow.json("status")["pending_submission"]


JUDGED_FOR_LONG = """
import time

def step(place):
    if place == 5:
        time.sleep(3)
    return place + 1
"""


class TestSuspending:
    """The clock goes on as if the person had waited: only the judging itself is free."""

    def test_a_submission(self, slow, solution):
        solution.write_text(JUDGED_FOR_LONG)
        before = slow.json("status")["spent_seconds"]
        process = subprocess.Popen(
            [sys.executable, "-m", "harness", "submit", "--json"],
            cwd=solution.parent,
            stdout=subprocess.PIPE,
            process_group=0,
        )
        time.sleep(2)
        os.killpg(process.pid, signal.SIGSTOP)
        time.sleep(8)
        os.killpg(process.pid, signal.SIGCONT)
        result = json.loads(process.communicate(timeout=30)[0])
        assert result["judgement"]["verdict"] == "accepted"
        assert result["judgement"]["seconds"] == pytest.approx(3, abs=1)
        # Up to three of the eight seconds were judged.
        assert 4.5 < result["status"]["spent_seconds"] - before < 13

    def test_a_submission_in_watch(self, slow, sit_down, solution):
        solution.write_text(JUDGED_FOR_LONG)
        shell = ("bash", "--norc", "--noprofile", "-i")
        person = sit_down(command=shell)
        person.type(f"{sys.executable} -m harness watch\n")
        person.sees_at_the_bottom("visible 1/1")
        before = slow.json("status")["spent_seconds"]
        person.type("s")
        person.sees_at_the_bottom("judging 0/1")
        person.type("\x1a")
        person.sees("Stopped")
        time.sleep(8)
        person.type("fg\n")
        person.sees("100 points")
        assert 4.5 < slow.json("status")["spent_seconds"] - before < 13
        person.type("q")


class TestReading:
    @pytest.mark.parametrize(("columns", "rows"), SIZES)
    @pytest.mark.parametrize("colour", ["always", "never"])
    def test_the_statement_is_a_page_with_its_top_first(
        self, slow, sit_down, monkeypatch, columns, rows, colour
    ):
        monkeypatch.setenv("HARNESS_COLOUR", colour)
        person = sit_down("watch", columns=columns, rows=rows)
        person.sees_at_the_bottom("visible 0/1")
        person.type("c")
        person.sees_at_the_bottom("space more")
        assert person.lines[0].strip() == "Level 1"
        assert "Sentence 40" not in "\n".join(person.lines)
        assert "left" in "\n".join(person.bottom)
        person.type(" ")
        person.waits_for(lambda: "Level 1" not in person.lines[0], "it did not move")
        person.type("G")
        person.waits_for(
            lambda: "Sentence 59 of the statement." in "\n".join(person.lines), "not the end"
        )
        person.type("g")
        person.waits_for(lambda: person.lines[0].strip() == "Level 1", "not the top")
        person.type("\x1b[B")
        person.waits_for(lambda: person.lines[0].strip() != "Level 1", "no arrow keys")
        person.type("q")
        person.sees_at_the_bottom("s submit")
        assert bool(STYLE.search(person.raw)) == (colour == "always")
        person.type("q")
        assert person.ends() == 0
        assert person.terminal_is_sane
        assert person.raw.rindex(b"\x1b[?1049l") > person.raw.rindex(b"\x1b[?1049h")

    @pytest.mark.parametrize(("columns", "rows"), SIZES)
    def test_outside_of_watch_a_long_one_is_a_page_too(self, slow, sit_down, columns, rows):
        person = sit_down("statement", columns=columns, rows=rows)
        person.waits_for(lambda: "lines 1-" in person.lines[rows - 2], "no page")
        assert person.lines[0].strip() == "Level 1"
        person.type("G")
        person.sees("Sentence 59 of the statement.")
        person.resize(columns + 10, rows + 5)
        person.waits_for(lambda: "lines" in person.lines[rows + 3], "it did not follow the size")
        person.type("\x0cg")
        person.waits_for(lambda: person.lines[0].strip() == "Level 1", "not the top")
        person.type("q")
        assert person.ends() == 0
        assert person.terminal_is_sane
        assert person.raw.rindex(b"\x1b[?2004l") > person.raw.rindex(b"\x1b[?2004h")

    @pytest.mark.parametrize("level", ["1", "2"])
    def test_outside_of_watch_a_short_one_is_printed(self, started, sit_down, level, second):
        started.write(second)
        assert started("submit") == 0
        person = sit_down("statement", level)
        assert person.ends() == 0
        assert person.lines[0].strip() == f"Level {level}"
        assert b"?1049h" not in person.raw

    @pytest.mark.parametrize("typed", ["statement --json", "statement"])
    def test_a_program_gets_all_of_it(self, slow, sit_down, typed, monkeypatch):
        person = sit_down(*typed.split(), terminal="dumb" if typed == "statement" else "xterm")
        person.sees("Sentence 59 of the statement.")
        assert person.ends() == 0
        assert b"\x1b" not in person.raw

    def test_a_new_level_opens_its_statement(self, slow, sit_down, solution, first):
        solution.write_text(first)
        person = sit_down("watch")
        person.sees_at_the_bottom("visible 1/1")
        person.type("s")
        person.sees_at_the_bottom("level 2 is open")
        person.sees_at_the_bottom("q close")
        assert person.lines[0].startswith("Level 1 is done: 0:")
        text = " ".join(" ".join(person.lines).split())
        assert (
            "of 10:00 planned, at the 1st try, 100 points and a bonus of 50. Level 2 Write" in text
        )
        person.type("q")
        person.sees_at_the_bottom("s submit")

    def test_what_is_printed_meanwhile_comes_afterwards(self, slow, sit_down, solution, first):
        person = sit_down("watch")
        person.sees_at_the_bottom("visible 0/1")
        person.type("c")
        person.sees_at_the_bottom("space more")
        solution.write_text(first)
        person.sees_at_the_bottom("visible 1/1, not submitted: s")
        assert person.lines[0].strip() == "Level 1"
        person.type("q")
        person.sees("✔  A visible step is 1 long")

    @pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT])
    def test_the_terminal_is_given_back_from_a_page(self, slow, sit_down, signal_):
        person = sit_down("watch")
        person.sees_at_the_bottom("visible 0/1")
        person.type("c")
        person.sees_at_the_bottom("space more")
        os.kill(person.process.pid, signal_)
        assert person.ends() == 130
        assert person.terminal_is_sane
        assert person.raw.rindex(b"\x1b[?1049l") > person.raw.rindex(b"\x1b[?1049h")

    def test_control_l_redraws(self, slow, sit_down):
        person = sit_down("watch")
        person.sees_at_the_bottom("visible 0/1")
        person.screen.draw_data = None
        person._stream.feed(b"\x1b[H" + b"garbage " * 200)
        assert "garbage" in "\n".join(person.lines)
        person.type("\x0c")
        person.waits_for(lambda: "garbage" not in "\n".join(person.lines), "not redrawn")
        person.sees_at_the_bottom("visible 0/1")
        assert "visible 0/1 · hidden not run" in "\n".join(person.lines)


class TestKeeping:
    def test_failures_in_full_and_a_test_of_ones_own(self, started, sit_down, solution, first):
        solution.write_text(first.replace("+ 1", "+ 3"))
        person = sit_down("watch")
        person.sees_at_the_bottom("visible 0/1")
        person.type("f")
        person.sees("expected  2")
        person.type("kk")  # twice the same key in one go is one key
        person.sees("Kept in test_kept.py as test_kept_1.")
        person.type("k")
        person.sees("as test_kept_2.")
        kept = solution.with_name("test_kept.py")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", kept.name]
        failed = subprocess.run(command, cwd=kept.parent, capture_output=True, text=True)
        assert failed.returncode == 1
        assert "2 failed" in failed.stdout
        assert "assert 4 == 2" in failed.stdout
        time.sleep(0.5)
        assert started.json("status")["test_runs"] == 1  # what is kept is no change of the solution
        solution.write_text(first)
        person.sees_at_the_bottom("visible 1/1, not submitted: s")
        passed = subprocess.run(command, cwd=kept.parent, capture_output=True, text=True)
        assert passed.returncode == 0, passed.stdout

    def test_a_hint_is_counted_by_the_report(self, started, sit_down):
        person = sit_down("watch")
        person.sees_at_the_bottom("visible 0/1")
        person.type("h")
        person.sees("Hint 1 of 1: Lift a foot.")
        assert started.json("report")["levels"][0]["hints"] == 1
        started("report")
        assert "The first step (1 hint)" in started.out


LATE = """
import sys
from dataclasses import replace
from harness.app.session import Session
from harness.attempts import read_clocks
from harness.cli.invocation import Invocation
from harness.cli.main import run


def late_clocks():
    '''The machine's clocks, so many seconds later.'''
    now = read_clocks()
    late = {name: getattr(now, name) + SECONDS for name in ("wall", "boottime", "monotonic")}
    return replace(now, **late)


run(None, Invocation(factory=lambda invocation: Session(invocation.settings, clock=late_clocks)))
"""


class TestTime:
    @pytest.fixture
    def late(self, shell, sit_down, tmp_path, first):
        """Watch an attempt of 30 minutes so many seconds later."""

        def late(seconds, *options, columns=80, rows=24):
            assert shell("start", "steps", "--no-watch", *options) == 0
            shell.cd(shell.work / "steps")
            shell.write(first)
            assert shell("test") == 0
            script = tmp_path / "late.py"
            script.write_text(LATE.replace("SECONDS", str(seconds)))
            command = [sys.executable, str(script)]
            return sit_down("watch", command=command, columns=columns, rows=rows)

        return late

    @pytest.mark.parametrize("minutes", [10, 2])
    def test_warnings_say_what_is_not_submitted(self, late, minutes):
        person = late(1800 - 60 * minutes - 20)
        person.sees(f"{minutes} minutes left. Not submitted: your latest changes", 60)
        assert "to solution.py, which pass the visible tests." in " ".join(
            person.everything.split()
        )

    @pytest.mark.parametrize(("columns", "rows"), SIZES)
    def test_the_end_of_an_exam_says_what_counts(self, late, columns, rows):
        person = late(1800 - 15, "--mode", "exam", columns=columns, rows=rows)
        assert person.ends(60) == 0
        text = " ".join(person.everything.split())
        assert "Time is up. Nothing was submitted, so nothing counts: 0 of 350 points." in text
        assert "Not submitted: your latest changes to solution.py, which pass" in text
        assert "That does not count." in text
        assert "harness report" in text
        assert person.terminal_is_sane
