from __future__ import annotations

import sqlite3

from harness.cli.invocation import Invocation


class TestList:
    def test_shows_problems_and_what_to_type(self, shell):
        assert shell("list") == 0
        assert "steps" in shell.out
        assert "One step, then another." in shell.out
        assert "Next: harness start " in shell.out
        assert not shell.home.exists()

    def test_json(self, shell):
        problems = {each["slug"]: each for each in shell.json("list")["problems"]}
        assert problems["steps"]["levels"] == 2
        assert problems["steps"]["error"] == ""

    def test_a_broken_problem_is_among_them(self, shell, tmp_path):
        (tmp_path / "pack" / "problems" / "steps" / "editorial.md").unlink()
        assert shell("list") == 0
        assert "cannot be used" in shell.out


class TestStatement:
    def test_current_level(self, started):
        assert started("statement") == 0
        assert started.out == "# Level 1\n\nWrite `step`.\n"

    def test_json(self, started):
        document = started.json("statement", "1")
        assert document["level"] == 1
        assert document["title"] == "The first step"
        assert document["statement"].startswith("# Level 1")

    def test_a_closed_level(self, started):
        assert started("statement", "2") == 2
        assert "Level 2 is not open yet" in started.err

    def test_no_number(self, started):
        assert started("statement", "two") == 2
        assert started.err.startswith("error: Invalid value for '[LEVEL]'")


class TestStatus:
    def test_of_a_fresh_attempt(self, started):
        assert started("status") == 0
        assert "▶  1  The first step" in started.out
        assert "Changed" not in started.out
        assert "Next: harness statement" in started.out

    def test_with_changes(self, started, first):
        started.write(first)
        started("status")
        assert "Changed since the start: solution.py" in started.out
        started("submit")
        started.write(first + "# more\n")
        started("status")
        assert "Changed since the last submission: solution.py" in started.out

    def test_what_to_type_next_depends_on_where_one_is(self, started, first):
        def following():
            started("status")
            return started.out.split("Next: ")[1].strip()

        assert following() == "harness statement"
        started.write("def step(place):\n    return 7\n")
        assert following() == "harness test"
        started("test")
        assert following() == "harness test"
        started.write(first)
        assert following() == "harness test"
        started("test")
        assert following() == "harness submit"
        started.write(first + "# one more thought\n")
        assert following() == "harness test"
        started("submit")
        assert following() == "harness statement"
        started("test")
        assert following() == "harness test"

    def test_paused(self, started):
        started("pause")
        started("status")
        assert "Next: harness resume" in started.out

    def test_over(self, started):
        started("finish")
        started("status")
        assert "Next: harness report" in started.out

    def test_a_submission_that_was_not_judged(self, started):
        assert started("--backend", "nothing", "submit") == 3
        started("status")
        assert "recorded but not judged yet" in started.out
        assert "Next: harness submit" in started.out

    def test_json(self, started, first):
        started.write(first)
        document = started.json("status")
        assert document["unsubmitted"] == ["solution.py"]
        assert document["workspace"] == str(started.work / "steps")
        assert 0 < document["remaining_seconds"] <= 1800

    def test_by_id_from_elsewhere(self, started, tmp_path):
        attempt = started.json("status")["attempt"]
        started.cd(tmp_path)
        assert started("status") == 2
        assert f"hint: cd {started.work}/steps" in started.err
        assert started("status", "--attempt", attempt) == 0


class TestReport:
    def test_here(self, started):
        assert started("report") == 0
        assert "0 of 350" in started.out
        assert "Because." not in started.out

    def test_the_estimate_is_explained_once_something_was_submitted(self, started):
        started("report")
        assert "stimate" not in started.out
        started("submit")
        started("report")
        assert "Unofficial estimate" in started.out
        assert "your share of the points on a scale from 200 to 600" in started.out

    def test_a_pipe_gets_long_lines_whole(self, started, first):
        long = "# " + "long " * 40 + "end"
        started.write(first + long + "\n")
        started("submit")
        started("finish")
        started("report")
        assert f"-{long}\n" in started.out

    def test_names_mean_the_same_as_in_the_status(self, started, first):
        started.write(first)
        started("submit")
        report, status = started.json("report"), started.json("status")
        for name in ("points", "max_points", "spent_seconds", "submissions"):
            assert type(report[name]) is type(status[name])
        assert (report["points"], report["max_points"]) == (150, 350)
        assert (status["points"], status["max_points"]) == (150, 350)
        for name in ("points", "max_points", "bonus", "max_bonus", "passed", "standing"):
            theirs = [level[name] for level in status["levels"]]
            assert [level[name] for level in report["levels"]] == theirs

    def test_after_the_end_with_the_editorial(self, started):
        started("finish")
        assert started("report") == 0
        assert "Because." in started.out
        assert "+def step(place):" not in started.out  # nothing was submitted: nothing to compare
        assert started.out.endswith("\n\nNext: harness start steps\n")

    def test_parts_of_their_own(self, started, first):
        started.write(first + "# mine\n")
        started("submit")
        assert started("report", "--editorial") == 2
        assert "shown after the end.\nhint: harness finish" in started.err
        started("finish")
        assert started("report", "--editorial") == 0
        assert started.out == "# Why\n\nBecause.\n"
        assert started("report", "--diff") == 0
        assert "\n-# mine\n" in started.out
        assert "Because." not in started.out
        assert "Points" not in started.out
        assert started("report", "--diff", "--editorial") == 0
        assert "Because." in started.out
        assert "\n-# mine\n" in started.out

    def test_the_reference_itself_was_submitted(self, started, first, second):
        for solution in (first, second):
            started.write(solution)
            started("submit")
        assert started("report", "--diff") == 0
        assert started.out == "Your code is identical to the reference of level 2.\n"
        started("report")
        assert "identical to the reference" in started.out

    def test_nothing_to_compare(self, started):
        started("finish")
        attempt = started.json("report")["attempt"]
        assert started("report", "--diff") == 2
        assert f"hint: harness report {attempt} --editorial" in started.err

    def test_a_problem_that_is_solved_is_not_proposed_again(self, started, first, second):
        for solution in (first, second):
            started.write(solution)
            started("submit")
        started("report")
        assert started.out.endswith("\n\nNext: harness start kv_store\n")

    def test_when_everything_is_solved(self, started, first, second, monkeypatch):
        for solution in (first, second):
            started.write(solution)
            started("submit")
        problems = Invocation().session.catalog.problems()
        only = [each for each in problems if each.slug == "steps"]
        monkeypatch.setattr("harness.catalog.catalog.Catalog.problems", lambda catalog: only)
        started("report")
        assert started.out.endswith("\n\nNext: harness list\n")

    def test_a_box_that_could_not_hold_is_named(self, started):
        started("--backend", "process", "submit")
        started("report")
        assert "judged by process" in started.out
        assert "Not certified: this box could not stop a hostile solution." in started.out

    def test_of_an_attempt_whose_judge_failed(self, started):
        started("--backend", "nothing", "submit")
        started("report")
        assert "judged by" not in started.out
        assert "nothing judged yet; harness submit judges the recorded submission" in started.out
        assert "ot certified" not in started.out
        assert started.json("report")["certified"] is None

    def test_by_id_as_json(self, started, tmp_path):
        attempt = started.json("status")["attempt"]
        started.cd(tmp_path)
        assert started.json("report", attempt)["attempt"] == attempt

    def test_a_misspelt_id(self, started):
        attempt = started.json("status")["attempt"]
        assert started("report", attempt[:-1] + ("y" if attempt[-1] == "x" else "x")) == 2
        assert attempt in started.err


class TestHistory:
    def test_empty(self, shell):
        assert shell("history") == 0
        assert "There are no attempts yet." in shell.out
        assert "Next: harness list" in shell.out

    def test_open_attempts_with_their_folders(self, started):
        attempt = started.json("status")["attempt"]
        assert started("history") == 0
        assert f"  {attempt}  {started.work}/steps\n" in started.out
        assert f"Next: cd {started.work}/steps && harness status" in started.out

    def test_all_over(self, started):
        attempt = started.json("status")["attempt"]
        started("finish")
        started("history")
        assert "Open:" not in started.out
        assert f"Next: harness report {attempt}" in started.out

    def test_json(self, started):
        rows = started.json("history")["attempts"]
        assert [row["problem"] for row in rows] == ["steps"]
        assert rows[0]["workspace"] == str(started.work / "steps")

    def test_a_damaged_attempt_is_reported_and_hides_nothing(self, started):
        started.cd(started.work.parent)
        started("start", "steps")
        damaged = started.json("history")["attempts"][1]["attempt"]
        with sqlite3.connect(started.home / "attempts.db") as connection:
            connection.execute("DROP TRIGGER IF EXISTS events_are_final_update")
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in names.fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute("UPDATE events SET kind = 'x' WHERE attempt = ?", (damaged,))
        connection.close()
        assert started("history") == 0
        assert "steps" in started.out
        assert f"warning: Event 1 of attempt {damaged}" in started.err
