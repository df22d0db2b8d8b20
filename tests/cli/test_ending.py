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
    assert "Not submitted, so not counted: your latest changes to solution.py." in started.out
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
        "Next: harness submit  (judges it), or: harness doctor\n"
    )
    assert started("--backend", "nothing", "submit") == 3
    assert "Next: harness submit  (judges the same submission again)" in started.out
    assert started("submit") == 0
    assert "150 of 350 points" in started.out
    assert "Time is up" not in started.out
    assert "Next: harness report" in started.out
    assert started.json("report")["end"] == "finished"
