from __future__ import annotations


def test_without_a_terminal_it_ends_by_itself(shell):
    assert shell("start", "steps") == 0
    for text in (
        "The first step",
        "Write `step`.",
        "The skeleton, run once to check that everything works:\nvisible 0/1 · hidden not run\n",
        f"Next: cd {shell.work}/steps && harness test",
    ):
        assert text in shell.out
    assert "A visible step is 1 long" not in shell.out
    assert "harness watch" not in shell.out
    assert "Level 2\n" not in shell.out
    assert shell.err == ""


def test_the_clock_and_the_next_command_come_last(shell):
    shell("start", "steps", "--mode", "exam")
    last = shell.out.split("hidden not run", 1)[1].split("\n\n", 1)[1]
    assert last == (
        f"Edit {shell.work}/steps/solution.py. The clock is running. "
        "Exam: no pauses, no hints; your last submission counts.\n\n"
        f"Next: cd {shell.work}/steps && harness test\n"
    )


def test_the_run_of_the_skeleton_is_not_the_persons(started):
    assert started.json("status")["test_runs"] == 0
    assert started.json("report")["timeline"] == []


def test_all_as_one_document(shell):
    document = shell.json("start", "steps", "--mode", "exam", "--minutes", "5")
    assert document["workspace"] == str(shell.work / "steps")
    assert document["statement"].startswith("# Level 1")
    assert document["judgement"]["total"] == 1
    assert document["status"]["allowed_seconds"] == 300
    assert document["status"]["mode"] == "exam"
    assert shell.err == ""


def test_options_reach_the_attempt(shell, tmp_path):
    folder = str(tmp_path / "mine")
    options = ["--dir", folder, "--feedback", "calls", "--editor", "vscode", "--no-watch"]
    document = shell.json("start", "steps", *options)
    assert document["workspace"] == folder
    assert document["status"]["feedback"] == "calls"
    assert (tmp_path / "mine" / ".vscode" / "settings.json").exists()


def test_without_a_name_and_without_a_terminal(shell):
    assert shell("start") == 2
    assert shell.err == "error: Which problem?\nhint: harness list  # then: harness start NAME\n"


def test_a_misspelt_name(shell):
    assert shell("start", "step") == 2
    assert "Did you mean steps?" in shell.err


def test_watch_needs_a_terminal_and_says_so_before_the_clock_runs(shell):
    assert shell("start", "steps", "--watch") == 2
    assert "--watch needs a terminal" in shell.err
    assert not shell.home.exists()


def test_a_folder_in_use(shell, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    assert shell("start", "steps", "--dir", str(tmp_path)) == 2
    assert "never overwrites" in shell.err
    assert shell.json("history") == {"attempts": []}


def test_a_judge_that_cannot_work(shell):
    assert shell("--backend", "nothing", "start", "steps") == 3
    assert "The judge failed: there is no backend 'nothing'" in shell.out
