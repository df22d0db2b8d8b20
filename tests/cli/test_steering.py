from __future__ import annotations

import shutil

import pytest


def test_pause_and_resume(started):
    assert started("pause") == 0
    assert started.out.startswith("Paused. The clock: 29:5")
    assert "Next: harness resume" in started.out
    assert started("test") == 2
    assert "hint: harness resume" in started.err
    assert started("resume") == 0
    assert started.out.startswith("Resumed. The clock: 29:5")


def test_extend(started):
    assert started("extend", "15") == 0
    assert started.out.startswith("Added 15 minutes. The clock: 44:5")


@pytest.mark.parametrize("minutes", ["0", "-5", "601", "many"])
def test_extend_by_nonsense(started, minutes):
    assert started("extend", "--", minutes) == 2
    assert "MINUTES" in started.err


@pytest.mark.parametrize("command", [["pause"], ["extend", "5"]])
def test_an_exam_has_neither(shell, command):
    shell("start", "steps", "--mode", "exam")
    shell.cd(shell.work / "steps")
    assert shell(*command) == 2
    assert "exam" in shell.err


def test_json(started):
    assert started.json("pause")["paused"] is True
    assert started.json("resume")["paused"] is False
    assert started.json("extend", "1")["allowed_seconds"] == 31 * 60


def test_reset_asks_and_cannot_without_a_terminal(started, first):
    started.write(first)
    assert started("reset", "solution.py") == 2
    assert "Reset solution.py to the starting version?" in started.err
    assert "hint: harness reset --yes solution.py" in started.err
    assert (started.work / "steps" / "solution.py").read_text() == first


def test_reset_and_undo(started, first):
    started.write(first)
    assert started("reset", "--yes") == 0
    assert "Reset: solution.py." in started.out
    assert "Next: harness undo" in started.out
    assert "NotImplementedError" in (started.work / "steps" / "solution.py").read_text()
    assert started("undo") == 0
    assert (started.work / "steps" / "solution.py").read_text() == first


def test_names_count_from_the_current_folder(started, first):
    started.write(first)
    started.cd(started.work / "steps" / "tests")
    assert started.json("reset", "../solution.py", "--yes")["written"] == ["solution.py"]


def test_a_file_that_was_not_handed_out(started):
    assert started("reset", "--yes", "mine.py") == 2
    assert "'mine.py' is not one of the starting files" in started.err


def test_an_attempt_that_is_over_is_reported_before_any_question(started):
    started("finish")
    assert started("reset") == 2
    assert "is over" in started.err


def test_restore(started, first):
    started.write(first)
    started("test")
    attempt = started.json("status")["attempt"]
    started.cd(started.work)
    shutil.rmtree(started.work / "steps")
    assert started("status", "--attempt", attempt) == 0
    assert started("test", "--attempt", attempt) == 2
    assert f"hint: harness restore {attempt}" in started.err
    assert started("restore", attempt) == 0
    assert f"Restored: {started.work}/steps" in started.out
    assert f"Next: cd {started.work}/steps && harness status" in started.out
    assert (started.work / "steps" / "solution.py").read_text() == first


def test_restore_into_a_folder(started, tmp_path):
    attempt = started.json("status")["attempt"]
    started.cd(tmp_path)
    shutil.rmtree(started.work / "steps")
    folder = str(tmp_path / "new")
    assert started.json("restore", attempt, "--dir", folder)["workspace"] == folder


def test_the_current_folder_was_deleted(started):
    shutil.rmtree(started.work / "steps")
    assert started("status") == 2
    assert "The current folder was deleted" in started.err


def test_reveal(started):
    assert started("reveal") == 2
    assert "hint: harness reveal --yes" in started.err
    assert started("reveal", "--yes") == 0
    assert "statements/level1_reference/solution.py" in started.out
    assert "Level 2 is open: The second step" in started.out
    assert started("reveal", "--yes") == 0
    assert "That was the last level" in started.out
    assert "Next: harness report" in started.out


def test_reveal_in_an_exam_is_refused_before_it_is_asked(shell):
    shell("start", "steps", "--mode", "exam")
    shell.cd(shell.work / "steps")
    assert shell("reveal") == 2
    assert "terminal" not in shell.err
    assert "exam" in shell.err


def test_reveal_json(started):
    document = started.json("reveal", "--yes")
    assert document["level"] == 1
    assert document["status"]["levels"][0]["standing"] == "revealed"


def test_finish_without_changes_does_not_ask(started):
    assert started("finish") == 0
    assert started.out == "Finished: 0 of 350 points.\n\nNext: harness report\n"


def test_finish_with_changes_asks(started, first):
    started.write(first)
    assert started("finish") == 2
    assert "Not submitted, so not counted: your latest changes to solution.py." in started.out
    assert "hint: harness submit  # or: harness finish --yes" in started.err
    assert started("finish", "--yes") == 0
    assert "0 of 350" in started.out


def test_finish_judges_what_was_submitted(started, first):
    started.write(first)
    assert started("--backend", "nothing", "submit") == 3
    assert started("finish") == 0
    assert started.out.startswith("Finished: 150 of 350 points.")


def test_finish_json(started):
    document = started.json("finish")
    assert document["end"] == "finished"
    assert document["editorial"].startswith("# Why")


def test_finish_when_all_is_over(started):
    started("finish")
    assert started("finish") == 0
    assert started.out == "Already over: 0 of 350 points.\n\nNext: harness report\n"
    assert started.json("finish")["end"] == "finished"


def test_finish_after_the_last_level_was_accepted(started, first, second):
    for solution in (first, second):
        started.write(solution)
        assert started("submit") == 0
    started.write(second + "# an afterthought\n")
    assert started("finish") == 0
    assert started.out == "Already over: 350 of 350 points.\n\nNext: harness report\n"


def test_finish_with_a_broken_judge_ends_and_leaves_the_judging_for_later(started, first):
    started.write(first)
    assert started("--backend", "nothing", "submit") == 3
    assert started("--backend", "nothing", "finish") == 3
    assert started.out == (
        "Finished: 0 of 350 points.\n"
        "Your last submission is recorded, but the judge failed on it.\n\n"
        "Next: harness submit  # judges it\n      harness doctor\n"
    )
    assert started("--backend", "nothing", "submit") == 3
    assert "Next: harness submit  # judges the same submission again" in started.out
    assert started("submit") == 0
    assert "150 of 350 points" in started.out
    assert "Time is up" not in started.out
    assert "Next: harness report" in started.out
    assert started.json("report")["end"] == "finished"
