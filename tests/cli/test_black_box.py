"""The real command in a real terminal, with the real judge."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

COLOUR = re.compile(rb"\x1b\[[0-9;]*\b(?:3[0-7]|9[0-7]|38;)[0-9;]*m")


@pytest.fixture
def solution(shell):
    return shell.work / "steps" / "solution.py"


@pytest.fixture
def watcher(started, sit_down):
    """A person who watches a fresh attempt, after the first run."""
    person = sit_down("watch")
    person.sees_at_the_bottom("visible 0/1")
    return person


def harness(*arguments, folder):
    """Run ``harness`` without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "harness", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )


class TestSitting:
    def test_from_start_to_the_last_level(self, sit_down, shell, solution, first, second):
        person = sit_down("start", "steps")
        person.sees("Write step.")
        person.sees_at_the_bottom("save a file to test it")
        assert "30:00 left" in person.bottom[0] or "29:5" in person.bottom[0]
        keys = (
            "t test s submit c statement f failures k keep l levels h hint x reset p pause q quit"
        )
        assert " ".join(" ".join(person.bottom[2:]).split()) == keys
        solution.write_text(first)
        person.sees_at_the_bottom("visible 1/1")
        person.type("s")
        person.sees_at_the_bottom("level 2 is open")
        person.type("c")
        person.sees("Write leap.")
        solution.write_text(second)
        person.sees_at_the_bottom("visible 2/2")
        person.type("s")
        person.sees("Every level is accepted: you are done.")
        assert person.ends() == 0
        assert person.terminal_is_sane
        assert shell.json("history")["attempts"][0]["points"] == 350

    def test_choose_from_a_list(self, sit_down, shell):
        person = sit_down("start", "--no-watch")
        person.sees("Which one")
        (line,) = [line for line in person.lines if " steps " in line]
        person.type(line.split()[0] + "\r")
        person.sees("Next: cd ")
        assert person.ends() == 0
        assert (shell.work / "steps").exists()

    def test_the_report_leaves_the_score_on_the_screen(self, sit_down, started, first):
        started.write(first)
        started("submit")
        started("finish")
        person = sit_down("report")
        assert person.ends() == 0
        assert "Because." not in person.everything
        assert "Score  150 of 350" in "\n".join(person.lines)
        assert "Next: harness report --editorial  # " in person.everything
        person = sit_down("report", "--editorial", "--diff")
        assert person.ends() == 0
        assert "Because." in person.everything
        assert "to the reference of level 2 (+)" in person.everything

    def test_no_watch_returns_to_the_shell(self, sit_down):
        person = sit_down("start", "steps", "--no-watch")
        assert person.ends() == 0
        assert "&& harness test" in person.everything
        assert "harness watch" not in person.everything
        assert "visible 0/1 · hidden not run" in person.everything


class TestMistakes:
    def test_a_syntax_error_and_its_fix(self, watcher, solution, first):
        solution.write_text("def step(place:\n    return 1\n")
        watcher.sees("SyntaxError")
        solution.write_text(first.replace("+ 1", "+ 3"))
        watcher.sees("expected")
        watcher.sees_at_the_bottom("visible 0/1")
        watcher.type("s")
        watcher.sees_at_the_bottom("hidden 0/1")
        watcher.sees("not accepted · hidden 0/1")
        solution.write_text(first)
        watcher.sees_at_the_bottom("visible 1/1")
        watcher.type("s")
        watcher.sees("Level 2 of 2 is open: The second step")

    def test_a_solution_that_never_returns(self, watcher, solution):
        solution.write_text("def step(place):\n    while True:\n        pass\n")
        watcher.sees("took too long")

    def test_a_workspace_that_cannot_be_read(self, watcher, solution, first):
        solution.with_name("random.py").write_text("")
        watcher.sees("error: random.py hides the standard library's 'random'")
        solution.with_name("random.py").unlink()
        solution.write_text(first)
        watcher.sees_at_the_bottom("visible 1/1")

    def test_saved_as_editors_do(self, watcher, solution, first):
        temporary = solution.with_name(".solution.py.swp")
        temporary.write_text(first)
        temporary.rename(solution)
        watcher.sees_at_the_bottom("visible 1/1")


class TestKeys:
    def test_reset_and_the_way_back(self, watcher, solution, first):
        solution.write_text(first)
        watcher.sees_at_the_bottom("visible 1/1")
        watcher.type("x")
        watcher.sees_at_the_bottom("y / n")
        watcher.type("y")
        watcher.sees("Reset: solution.py. Your version is kept; harness undo brings it back.")
        watcher.sees_at_the_bottom("visible 0/1")
        assert harness("undo", folder=solution.parent).returncode == 0
        watcher.sees_at_the_bottom("visible 1/1")

    def test_pause_hint_levels_and_quit(self, watcher):
        watcher.type("h")
        watcher.sees("Hint 1 of 1: Lift a foot.")
        watcher.type("l")
        watcher.sees("🔒 2  The second step")
        watcher.type("p")
        watcher.sees_at_the_bottom("paused, ")
        watcher.sees_at_the_bottom("p resume")
        watcher.type("p")
        watcher.sees("The clock is running.")
        watcher.type("q")
        assert watcher.ends() == 0
        assert watcher.terminal_is_sane
        assert "q quit" not in watcher.everything

    def test_what_happens_elsewhere_is_noticed(self, watcher, solution):
        assert harness("finish", folder=solution.parent).returncode == 0
        watcher.type("t")
        watcher.sees("This attempt is finished. Nothing was submitted")
        assert watcher.ends() == 0


class TestTerminal:
    def test_control_c(self, watcher):
        watcher.process.sendintr()
        assert watcher.ends() == 130
        assert watcher.terminal_is_sane
        assert "Interrupted. Everything submitted is recorded." in watcher.everything

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
    def test_signals(self, watcher, number):
        os.kill(watcher.process.pid, number)
        assert watcher.ends() == 130
        assert watcher.terminal_is_sane

    @pytest.mark.parametrize(("columns", "rows"), [(60, 24), (120, 40)])
    def test_the_bar_follows_the_size(self, watcher, columns, rows):
        watcher.resize(columns, rows)
        end = columns - 1
        watcher.waits_for(
            lambda: any(len(line) == end and line.endswith("left") for line in watcher.bottom),
            "the clock is not at the right edge",
            10,
        )
        watcher.type("l")
        watcher.sees("The second step")
        watcher.sees_at_the_bottom("left")

    def test_no_colour(self, started, sit_down, monkeypatch):
        monkeypatch.setenv("NO_COLOR", "1")
        person = sit_down("watch")
        person.sees_at_the_bottom("visible 0/1")
        assert not COLOUR.search(person.raw)

    def test_a_terminal_without_our_signs(self, started, sit_down, monkeypatch):
        person = sit_down("watch", encoding="ascii")
        person.sees_at_the_bottom("visible 0/1")
        person.type("l")
        person.sees("The second step")
        assert person.raw.isascii()

    def test_colour(self, watcher):
        assert COLOUR.search(watcher.raw)

    def test_the_clock_ticks(self, watcher):
        before = watcher.clock
        watcher.waits_for(lambda: watcher.clock != before, "the clock stands still", 5)

    def test_needs_a_terminal(self, started):
        done = harness("watch", folder=started.work / "steps")
        assert done.returncode == 2
        assert done.stderr == "error: Watching needs a terminal.\nhint: harness watch --json\n"

    def test_a_terminal_that_cannot_move_its_cursor(self, started, sit_down):
        person = sit_down("watch", terminal="dumb")
        assert person.ends() == 2
        assert "Watching needs a terminal." in person.everything


class TestQuestions:
    def test_reset(self, started, sit_down, solution, first):
        solution.write_text(first)
        person = sit_down("reset")
        person.sees("Reset all files to the starting version? [y/N]")
        person.type("n\r")
        assert person.ends() == 130
        assert "Nothing was changed." in person.everything
        assert solution.read_text() == first
        person = sit_down("reset")
        person.sees("[y/N]")
        person.type("y\r")
        assert person.ends() == 0
        assert "NotImplementedError" in solution.read_text()

    def test_finish_says_what_does_not_count(self, started, sit_down, solution, first):
        solution.write_text(first)
        person = sit_down("finish")
        person.sees("Not submitted, so not counted: your latest changes to solution.py.")
        person.sees("Finish anyway? [y/N]")
        person.type("y\r")
        assert person.ends() == 0
        assert "Finished: 0 of 350 points." in person.everything

    def test_reveal(self, started, sit_down):
        person = sit_down("reveal")
        person.sees("See its reference? [y/N]")
        person.type("y\r")
        person.sees("Level 2 is open: The second step")
        assert person.ends() == 0


class TestPrograms:
    def test_one_line_per_event(self, started, solution, first):
        process = subprocess.Popen(
            [sys.executable, "-m", "harness", "watch", "--json"],
            cwd=solution.parent,
            stdout=subprocess.PIPE,
            text=True,
        )
        events = [json.loads(process.stdout.readline()) for _ in range(2)]
        assert [event["event"] for event in events] == ["started", "tested"]
        solution.write_text(first)
        assert json.loads(process.stdout.readline())["judgement"]["accepted"] is True
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        process.stdout.close()

    def test_progress_is_for_people_only(self, started, sit_down):
        person = sit_down("test")
        assert person.ends() == 1
        assert b"testing" in person.raw
        assert "testing" not in person.everything
        assert "testing" not in harness("test", folder=started.work / "steps").stdout


@pytest.fixture
def submitting(started, solution, first):
    """A command whose submission is recorded, and judged for a while."""
    solution.write_text(
        "import time\n" + first.replace("    return", "    time.sleep(1.5)\n    return")
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "harness", "submit"],
        cwd=solution.parent,
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 30
    while not started.json("status")["pending_submission"]:
        assert time.monotonic() < deadline
    return process


def test_a_killed_submission_is_made_up_for(submitting, started, solution):
    submitting.kill()
    submitting.wait()
    assert started("status") == 0
    assert "recorded but not judged yet" in started.out
    done = harness("submit", folder=solution.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "You submitted this earlier. It is judged now" in done.stdout
    assert started.json("status")["submissions"] == 1


def test_two_submissions_at_once(submitting, solution):
    second = harness("submit", folder=solution.parent)
    assert second.returncode == 2
    assert f"by process {submitting.pid}" in second.stderr
    assert submitting.wait(30) == 0


EXAM = """
import sys
from dataclasses import replace
from harness.app.session import Session
from harness.attempts import read_clocks
from harness.cli.invocation import Invocation
from harness.cli.main import run


def late_clocks():
    '''The machine's clocks, five minutes but four seconds later.'''
    now = read_clocks()
    late = {name: getattr(now, name) + 296 for name in ("wall", "boottime", "monotonic")}
    return replace(now, **late)


run(None, Invocation(factory=lambda invocation: Session(invocation.settings, clock=late_clocks)))
"""


class TestDeadline:
    def test_an_exam_ends_by_itself(self, shell, sit_down, tmp_path, first):
        options = ["--mode", "exam", "--minutes", "5"]
        assert harness("start", "steps", *options, folder=tmp_path).returncode == 0
        workspace = shell.work / "steps"
        (workspace / "solution.py").write_text(first)
        assert harness("submit", folder=workspace).returncode == 0
        script = tmp_path / "late.py"
        script.write_text(EXAM)
        shell.cd(workspace)
        person = sit_down("watch", command=[sys.executable, str(script)])
        person.sees("Time is up. Your last submission counts: 150 of 350 points.")
        assert person.ends() == 0
        assert person.terminal_is_sane
        assert "pause" not in person.everything
