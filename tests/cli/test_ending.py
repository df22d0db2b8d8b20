from __future__ import annotations


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
    assert "Not submitted, so not counted: your last changes to solution.py." in started.out
    assert "hint: harness submit, or: harness finish --yes" in started.err
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


def test_finish_twice(started):
    started("finish")
    assert started("finish") == 2
    assert "is over" in started.err
