"""`harness author new`, `preview`, and paths where a name is expected."""

from __future__ import annotations

from harness.errors import ExitCode


def test_a_new_problem_is_checked_by_its_path(shell, tmp_path):
    assert shell("author", "new", "two_stacks", "--levels", "1") == 0
    assert "harness author check problems/two_stacks" in shell.out
    assert f"HARNESS_PACKS={tmp_path}  #" in shell.out
    assert shell("author", "check", "problems/two_stacks", "--only", "references") == 0
    assert "references" in shell.out


def test_a_new_problem_is_found_as_the_message_says(shell, tmp_path):
    other = tmp_path / "elsewhere"
    assert shell("author", "new", "two_stacks", "--levels", "2", "--dir", str(other)) == 0
    shell.monkeypatch.setenv("HARNESS_PACKS", str(other))
    assert shell("list") == 0
    assert "two_stacks" in shell.out


def test_a_name_that_another_pack_has_is_refused(shell, tmp_path):
    assert shell("author", "new", "steps") == ExitCode.USAGE
    assert "already" in shell.err
    assert not (tmp_path / "problems").exists()


def test_the_current_folder_can_be_the_problem(shell, tmp_path):
    shell.cd(tmp_path / "pack" / "problems" / "steps")
    assert shell("author", "preview", ".", "--level", "1") == 0
    assert "Take a step." in shell.out


def test_a_folder_that_lies_in_no_pack_is_refused(shell, tmp_path):
    (tmp_path / "lonely").mkdir()
    assert shell("author", "check", "./lonely") == ExitCode.USAGE
    assert "is not in a pack" in shell.err
    assert shell("author", "check", "./nowhere") == ExitCode.USAGE
    assert "There is no folder" in shell.err


def test_preview_shows_what_a_candidate_gets(shell):
    assert shell("author", "preview", "steps") == 0
    shown = shell.out
    for text in (
        "2 levels · 30 min",
        "# Level 1",
        "# Level 2",
        "statements/level2.md",
        "tests/test_level1.py",
        "A visible step is 1 long",
        "Lift a foot.",
        "100 points and 50 for all",
        "pytest.ini",
        "2 s, of which 2 s of the processor",
        "2  Take another.",
    ):
        assert text in shown, text
    assert "A hidden step" not in shown


def test_preview_of_one_level(shell):
    view = shell.json("author", "preview", "steps", "--level", "2")
    assert [level["number"] for level in view["levels"]] == [2]
    assert view["levels"][0]["hidden_cases"] == 1
    assert view["levels"][0]["visible"] == [
        {"name": "test_visible", "title": "A visible leap is 2 long"}
    ]
    assert view["summaries"] == ["Take a step.", "Take another."]


def test_preview_of_a_level_that_is_not_there(shell):
    assert shell("author", "preview", "steps", "--level", "3") == ExitCode.USAGE
    assert "Its levels are 1 to 2" in shell.err


def test_preview_of_a_suite_that_is_no_python_says_where(shell, tmp_path):
    suite = tmp_path / "pack/problems/steps/level1/test_visible.py"
    suite.write_text("def test_it(:\n")
    assert shell("author", "preview", "steps") == ExitCode.PACK
    assert f"{suite}:1 is not Python" in shell.err
