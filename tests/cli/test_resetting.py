from __future__ import annotations

import shutil


def test_reset_asks_and_cannot_without_a_terminal(started, first):
    started.write(first)
    assert started("reset", "solution.py") == 2
    assert "Reset solution.py to the starting version?" in started.err
    assert "hint: harness reset solution.py --yes" in started.err
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


def test_over_is_told_before_it_is_asked(started):
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
