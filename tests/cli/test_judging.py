from __future__ import annotations

import subprocess
import sys

import pytest

from harness.cli.invocation import Invocation
from harness.cli.judging import LiveProgress


class TestTest:
    def test_not_accepted(self, started):
        assert started("test") == 1
        assert "visible 0/1 · hidden not run" in started.out
        assert "Next: harness test  # after a change of solution.py" in started.out
        assert started.err == ""

    def test_accepted_says_no_more_than_it_knows(self, started, first):
        started.write(first)
        assert started("test") == 0
        assert "visible 1/1 · hidden not run" in started.out
        assert "Next: harness submit" in started.out

    def test_selection(self, started, first):
        started.write(first)
        assert started("test", "-k", "visible") == 0
        assert "Next: harness test" in started.out
        assert started("test", "-k", "swim") == 2
        assert "No visible case matches 'swim'" in started.err

    @pytest.mark.parametrize("select", ["visible and (", "not", "visible(1)", "visible(a=1)"])
    def test_a_selection_that_cannot_be_read(self, started, select):
        assert started("test", "-k", select) == 2
        assert f"error: pytest cannot read -k '{select}': " in started.err
        assert "hint: harness test -k 'one or another'" in started.err

    def test_json(self, started):
        document = started.json("test")
        assert document["judgement"]["verdict"] == "runtime_error"
        assert started.err == ""

    def test_a_syntax_error(self, started):
        started.write("def step(:\n")
        assert started("test") == 1
        assert "SyntaxError" in started.out

    def test_output_no_encoding_can_hold(self, started):
        started.write("def step(place):\n    print('\\ud800')\n    return 'wrong'\n")
        assert started("test") == 1
        assert "\\ud800" in started.out
        assert started.json("test")["judgement"]["passed"] == 0

    def test_little_of_much_is_shown_unless_all_is_wanted(self, started):
        started.write("def step(place):\n    for n in range(99): print(n, 'sheep')\n")
        started("test")
        assert "95 sheep" in started.out
        assert "50 sheep" not in started.out
        assert "lines left out" in started.out
        started("test", "--verbose")
        assert "50 sheep" in started.out

    def test_the_judge_failed(self, started):
        assert started("--backend", "nothing", "test") == 3
        assert "The judge failed: there is no backend 'nothing'" in started.out
        assert "Next: harness doctor" in started.out

    def test_after_the_end_plain_pytest_is_left(self, started):
        started("finish")
        assert started("test") == 2
        assert "hint: harness report  # plain pytest still works in the workspace" in started.err


@pytest.fixture
def exam(shell):
    """A shell in the workspace of an exam."""
    shell("start", "steps", "--mode", "exam")
    shell.cd(shell.work / "steps")
    return shell


class TestBrokenChoiceOfBackend:
    """In an exam another backend judges, with a word: a choice cannot stop the clock."""

    @pytest.mark.parametrize(
        ("how", "why"),
        [
            ("option", "there is no backend 'nothing'"),
            ("variable", "there is no backend 'nothing'"),
            ("config", "there is no backend 'nothing'"),
            ("engine elsewhere", "the docker sandbox needs an engine on this machine, and foo is"),
            ("no engine", "no container engine runs at /nowhere"),
        ],
    )
    def test_the_clock_of_an_exam_goes_on(self, exam, monkeypatch, first, how, why):
        options = ["--backend", "nothing"] if how == "option" else []
        if how == "variable":
            monkeypatch.setenv("HARNESS_BACKEND", "nothing")
        elif how == "config":
            (exam.home / "config.toml").write_text('backend = "nothing"\n')
        elif "engine" in how:
            options = ["--backend", "docker"]
            host = "foo" if how == "engine elsewhere" else "unix:///nowhere"
            monkeypatch.setenv("DOCKER_HOST", host)
        assert exam(*options, "submit") == 1
        assert f"Another sandbox was chosen, but {why}" in " ".join(exam.out.split())
        assert not exam.json(*options, "status")["judge_broken"]
        exam.write(first)
        submitted = exam.json(*options, "submit")
        assert submitted["judgement"]["accepted"]
        assert why in submitted["judgement"]["instead_of"]
        exam("finish", "--yes")
        assert exam("report") == 0
        assert why in exam.json("report")["instead_of"]

    def test_in_practice_the_choice_counts(self, started):
        assert started("--backend", "nothing", "submit") == 3
        assert started.json("status")["judge_broken"]

    def test_nothing_is_said_of_a_backend_that_judges(self, exam):
        exam("submit")
        assert "Another" not in exam.out
        assert exam.json("submit")["judgement"]["instead_of"] == ""


class TestSubmit:
    def test_not_accepted(self, started):
        assert started("submit") == 1
        assert "not accepted · hidden 0/1" in started.out
        assert "Next: harness submit  # after a change of solution.py" in started.out

    def test_a_level_opens(self, started, first):
        started.write(first)
        assert started("submit") == 0
        assert "accepted · hidden 1/1" in started.out
        assert "150 of 350 points so far, 29:5" in started.out
        assert "Level 2 of 2 is open: The second step" in started.out
        assert "New in the workspace: statements/level2.md, tests/test_level2.py\n" in started.out
        assert (started.work / "steps" / "tests" / "test_level2.py").exists()
        following = "harness statement  # then: harness test, or harness watch"
        assert started.out.endswith(f"\nNext: {following}\n")

    def test_to_the_end(self, started, first, second):
        started.write(first)
        started("submit")
        started.write(second)
        assert started("submit") == 0
        assert "350 of 350 points in 0:0" in started.out
        assert "Every level is accepted: the attempt is over." in started.out
        assert "Next: harness report" in started.out
        assert started("submit") == 2
        assert "is over" in started.err

    def test_once_more_without_a_change(self, started, first):
        started.write(first)
        started("submit")
        assert "Nothing changed" not in started.out
        assert started("submit") == 1
        assert "Nothing changed since the last submission." in started.out

    def test_verbose_without_a_change_shows_the_last_judgement_again(self, started):
        started.write(
            "def step(place):\n    for n in range(99): print(n, 'sheep')\n    return None\n"
        )
        assert started("submit") == 1
        assert "50 sheep" not in started.out
        assert started("submit", "-v") == 1
        assert "50 sheep" in started.out
        assert "Nothing changed since the last submission, so nothing was submitted" in started.out
        assert started.json("status")["submissions"] == 1
        assert started.json("submit", "-v")["judgement"]["passed"] == 0
        assert started.json("status")["submissions"] == 1

    def test_verbose_with_a_change_submits(self, started, first):
        started("submit")
        started.write(first)
        assert started("submit", "-v") == 0
        assert "Level 2 of 2 is open" in started.out
        assert started.json("status")["submissions"] == 2

    def test_long_judging_is_not_charged_and_says_so(self, started, first, monkeypatch):
        monkeypatch.setattr("harness.cli.judging._LONG_SECONDS", -1.0)
        started("submit")
        assert "Judging took 0 s; your clock does not count it." in started.out

    def test_json(self, started, first):
        started.write(first)
        document = started.json("submit")
        assert document["opened"] == 2
        assert document["judgement"]["accepted"] is True
        assert document["status"]["level"] == 2
        assert document["resumed"] is False

    def test_feedback_holds_for_programs_too(self, shell):
        shell("start", "steps", "--feedback", "none")
        shell.cd(shell.work / "steps")
        judgement = shell.json("submit")["judgement"]
        assert judgement["levels"][0]["cases"] == []
        assert judgement["verdict"] is None

    def test_a_failed_judge_costs_nothing(self, started, first):
        started.write(first)
        assert started("--backend", "nothing", "submit") == 3
        assert "Next: harness submit  # judges the same submission again" in started.out
        assert "the failure does not count against you" in started.out
        assert "Your clock is stopped" in started.out
        assert "earlier" not in started.out
        started("status")
        assert "stands still: the judge failed" in started.out
        assert started("--backend", "nothing", "submit") == 3
        assert "earlier" not in started.out
        assert started("submit") == 0
        assert "You submitted this earlier. It is judged now" in started.out
        assert started.json("status")["submissions"] == 1

    def test_after_the_deadline(self, started, shell):
        started("finish")
        assert started("submit") == 2
        assert started.err.startswith("error: Attempt ")


CASES = ["level1::test_a", "level1::test_b"]


def test_nothing_is_drawn_without_a_terminal(shell, capsys):
    with LiveProgress(Invocation(), "testing") as progress:
        progress.cases_collected(CASES)
        progress.case_done(None)
    assert capsys.readouterr().out == ""


def test_counts_on_a_terminal_and_vanishes(shell, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with LiveProgress(Invocation(), "testing") as progress:
        progress.cases_collected(CASES)
        progress.case_done(None)
        progress.cases_collected(CASES)
        progress.case_done(None)
        progress.case_done(None)
    out = capsys.readouterr().out
    assert "testing" in out
    assert "1/2" in out
    assert "0/2" in out.split("1/2", 1)[1], "a second try counts from the start"
    assert out.endswith("\x1b[2K")


def test_rendering_is_loaded_while_the_judge_works():
    program = (
        "import sys\n"
        "from harness.cli.invocation import Invocation\n"
        "from harness.cli.judging import LiveProgress\n"
        "late = {'rich.table', 'harness.reports.terminal.results'}\n"
        "def loaded(): return late & set(sys.modules)\n"
        "for as_json in (True, False):\n"
        "    LiveProgress(Invocation(as_json=as_json), '').cases_collected([])\n"
        "    print(len(loaded()))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split() == ["0", "2"], done.stderr
