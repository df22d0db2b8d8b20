"""What commands say before they cost something, what was probably meant, and narrow terminals."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


class TestReveal:
    def test_says_what_it_costs(self, started):
        assert started("reveal") == 2
        assert "Level 1 then earns 0 of 150 points. The next level opens." in started.err
        assert started.json("history")["attempts"][0]["level"] == 1

    def test_says_what_is_there_now(self, started):
        started.write("def step(place):\n    return 6 if place == 5 else place\n")
        started("submit")
        started("reveal", "--yes")
        started.write("def step(place):\n    return place + 1\ndef leap(place):\n    return 7\n")
        started("submit")
        assert started("reveal") == 2
        assert "Level 2 then earns 0 of 200 points; now it has" not in started.err

    def test_says_that_the_last_one_ends_the_attempt(self, started):
        started("reveal", "--yes")
        assert started("reveal") == 2
        assert "It is the last level: the attempt ends." in started.err
        assert started.json("status")["end"] is None

    def test_a_no_in_a_terminal_changes_nothing(self, started, sit_down):
        person = sit_down("reveal")
        person.sees("See its reference? [y/N]")
        assert "Level 1 then earns 0 of 150 points. The next level opens." in person.everything
        person.type("n\n")
        assert person.ends() == 130
        assert started.json("status")["level"] == 1

    def test_a_revealed_level_is_not_passed(self, started, first):
        started("reveal", "--yes")
        (row,) = started.json("history")["attempts"]
        assert (row["level"], row["accepted"]) == (2, 0)
        started("history")
        assert "0/2" in started.out


class TestGuessedNames:
    @pytest.mark.parametrize("typed", ["step", "Steps", "stpes", "st"])
    def test_no_clock_starts_without_a_terminal(self, shell, typed):
        assert shell("start", typed) == 2
        assert f"There is no problem '{typed}'. Did you mean steps?" in shell.err
        assert "hint: harness start steps" in shell.err
        assert shell.json("history") == {"attempts": []}

    def test_a_name_that_could_be_two_is_not_guessed(self, shell, tmp_path):
        for kind in ("problems", "solutions_template"):
            folder = tmp_path / "pack" / kind
            (folder / "stepping").symlink_to(folder / "steps")
        assert shell("start", "step") == 2
        assert "Did you mean steps or stepping?" in shell.err

    def test_it_is_asked_back_in_a_terminal(self, shell, sit_down):
        person = sit_down("start", "step", "--no-watch")
        person.sees("There is no problem 'step'. Start steps? [y/N]")
        person.type("n\n")
        assert person.ends() == 130
        assert shell.json("history") == {"attempts": []}
        person = sit_down("start", "step", "--no-watch")
        person.sees("[y/N]")
        person.type("y\n")
        assert person.ends() == 0
        assert len(shell.json("history")["attempts"]) == 1


class TestDidYouMean:
    @pytest.mark.parametrize(
        ("words", "meant"),
        [
            (["stat"], "Did you mean status, statement or start?"),
            (["repo"], "Did you mean report?"),
            (["author", "pre"], "Did you mean preview?"),
            (["start", "steps", "--mode", "exm"], "Did you mean exam?"),
            (["start", "steps", "--feedback", "name"], "Did you mean names?"),
            (["start", "steps", "--editor", "code"], "Did you mean vscode?"),
            (["report", "zzzzzz"], "There is no attempt 'zzzzzz'."),
        ],
    )
    def test_the_beginning_of_a_word_and_values_of_options(self, shell, words, meant):
        assert shell(*words) == 2
        assert meant in shell.err

    def test_a_setting(self, shell, monkeypatch):
        monkeypatch.setenv("HARNESS_COLOUR", "nevr")
        assert shell("list") == 2
        assert "Did you mean never?" in shell.err

    def test_a_backend(self, started):
        assert started("--backend", "linx", "test") == 3
        assert "Did you mean linux?" in started.out


class TestSelection:
    def test_a_level_without_a_match_is_not_called_failed(self, started, first, second):
        started.write(first)
        started("submit")
        started.write(second)
        assert started("test", "-k", "leap or level2") == 0
        lines = [line.split() for line in started.out.splitlines() if "Level" in line]
        assert [(line[0], line[-1]) for line in lines] == [("–", "–"), ("✔", "1/1")]


class TestReset:
    def test_an_unknown_file_is_refused_before_any_question(self, started, sit_down):
        person = sit_down("reset", "mine.py")
        assert person.ends() == 2
        assert "'mine.py' is not one of the starting files" in person.everything
        assert "[y/N]" not in person.everything

    def test_deleted_suites_come_back(self, started):
        suite = started.work / "steps" / "tests" / "test_level1.py"
        suite.unlink()
        assert started("reset", "--yes") == 0
        assert suite.exists()
        suite.write_text("")
        assert started("reset", "tests/test_level1.py", "--yes") == 0
        assert suite.read_text()


class TestPlan:
    def test_it_scales_with_the_minutes(self, shell):
        shell("start", "steps", "--minutes", "15")
        shell.cd(shell.work / "steps")
        levels = shell.json("status")["levels"]
        assert [level["planned_seconds"] for level in levels] == [300, 600]
        assert [level["suggested_minutes"] for level in levels] == [10, 20]
        shell("status")
        assert "of 5:00" in shell.out
        assert "scaled from 30 to 15 minutes" in shell.out
        shell("report")
        assert "scaled from 30 to 15 minutes" in shell.out

    def test_the_bonus_is_explained(self, started):
        for command in ("status", "report"):
            started(command)
            assert "a level whose every hidden test passes" in started.out


def test_an_open_exam_is_not_told_to_end(shell):
    shell("start", "steps", "--mode", "exam")
    shell.cd(shell.work / "steps")
    attempt = shell.json("status")["attempt"]
    for command in (("report", "--editorial"), ("attempts", "export", attempt), ("status",)):
        shell(*command)
        assert "harness finish" not in shell.out + shell.err


class TestNarrow:
    def test_history_in_60_columns_has_whole_names(self, started, sit_down):
        attempt = started.json("status")["attempt"]
        person = sit_down("history", columns=60, rows=20)
        assert person.ends() == 0
        assert f"{attempt}  steps" in person.everything
        assert "passed 0/2" in person.everything
        assert "…" not in person.everything

    def test_a_report_in_60_columns_has_whole_names(self, started, first, sit_down):
        started.write(first)
        started("submit")
        person = sit_down("report", columns=60, rows=40)
        assert person.ends() == 0
        for whole in ("1  The first step", "2  The second step", "100 + 50 bonus"):
            assert whole in person.everything
        assert "…" not in person.everything

    @pytest.mark.parametrize(("columns", "rows"), [(60, 20), (80, 24), (120, 40)])
    def test_the_bare_command_fits(self, shell, sit_down, columns, rows):
        person = sit_down(columns=columns, rows=rows)
        assert person.ends() == 0
        assert person.lines[0].startswith("Rehearse leveled")
        assert "harness COMMAND -h" in person.everything


class TestWrapping:
    @pytest.mark.parametrize(("columns", "rows"), [(60, 20), (80, 24)])
    def test_messages_wrap_at_words_and_commands_stay_whole(self, started, sit_down, columns, rows):
        person = sit_down("reset", "mine.py", columns=columns, rows=rows)
        assert person.ends() == 2
        lines = [line for line in person.lines if line]
        assert lines[0].startswith("error: 'mine.py' is not one of the starting files,")
        assert " ".join(lines).split(" hint:")[0].endswith("Starting files: solution.py.")
        assert lines[-1] == "hint: harness reset"

    def test_a_question_wraps_at_words(self, started, sit_down):
        person = sit_down("reveal", columns=40, rows=20)
        person.sees("[y/N]")
        assert person.lines[:2] == ["Level 1 then earns 0 of 150 points. The", "next level opens."]

    def test_a_pipe_gets_whole_lines(self, started):
        started("reset", "mine.py")
        assert started.err.splitlines()[0].endswith("Starting files: solution.py.")


def test_the_status_of_an_attempt_that_is_over_says_what_does_not_count(started, first):
    started.write(first)
    started("finish", "--yes")
    started("status")
    assert "Nothing was submitted, so nothing counts: 0 of 350 points." in started.out
    assert "Not submitted: your latest changes to solution.py. That does not count." in started.out


def completions(words: list[str], incomplete: str) -> list[str]:
    environ = os.environ | {
        "_HARNESS_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["harness", *words, incomplete]),
        "COMP_CWORD": str(len(words) + 1),
    }
    done = subprocess.run(
        [sys.executable, "-m", "harness"], env=environ, capture_output=True, text=True
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


class TestCompletion:
    def test_levels_that_are_open(self, started, first):
        assert completions(["statement"], "") == ["1"]
        started.write(first)
        started("submit")
        assert completions(["statement"], "") == ["1", "2"]
        assert completions(["statement"], "2") == ["2"]

    def test_files_that_can_be_reset(self, started):
        names = ["solution.py", "statements/level1.md", "tests/test_level1.py"]
        assert completions(["reset"], "") == names
        assert completions(["reset"], "so") == ["solution.py"]
        started.cd(started.work / "steps" / "tests")
        assert "../solution.py" in completions(["reset"], "..")

    def test_outside_of_a_workspace_nothing_is_offered(self, shell):
        assert completions(["statement"], "") == []
        assert completions(["reset"], "") == []
