from __future__ import annotations

import shutil

import pytest

from harness.app.restoring import reset, restore, undo
from harness.app.session import find
from harness.app.work import finish, level_statement, run_tests, submit
from harness.errors import RequestError


def text(sitting, name="solution.py"):
    return (sitting.workspace.root / name).read_text()


def test_reset_and_undo(session, begin, solve):
    sitting = begin()
    solve(sitting, 1)
    assert reset(session, sitting).names == ("helper.py", "solution.py")
    assert text(sitting) == "REACHED = 0\n"
    undo(session, sitting)
    assert text(sitting) == "REACHED = 1\n"
    undo(session, sitting)
    assert text(sitting) == "REACHED = 0\n"


def test_one_file_and_undo_touch_no_other(session, begin, solve):
    sitting = begin()
    solve(sitting, 1)
    assert reset(session, sitting, ["solution.py"]).names == ("solution.py",)
    (sitting.workspace.root / "helper.py").write_text("newer\n")
    assert undo(session, sitting).names == ("solution.py",)
    assert text(sitting) == "REACHED = 1\n"
    assert text(sitting, "helper.py") == "newer\n"


def test_own_files_stay(session, begin):
    sitting = begin()
    (sitting.workspace.root / "mine.py").write_text("mine\n")
    reset(session, sitting)
    assert text(sitting, "mine.py") == "mine\n"


def test_a_missing_file_comes_back(session, begin):
    sitting = begin()
    (sitting.workspace.root / "solution.py").unlink()
    reset(session, sitting, ["solution.py"])
    assert text(sitting) == "REACHED = 0\n"


def test_a_link_is_replaced_and_its_target_stays(session, begin, tmp_path):
    sitting = begin()
    target = tmp_path / "target.py"
    target.write_text("precious\n")
    file = sitting.workspace.root / "solution.py"
    file.unlink()
    file.symlink_to(target)
    reset(session, sitting)
    assert not file.is_symlink()
    assert target.read_text() == "precious\n"


def test_a_workspace_that_cannot_be_submitted_can_be_reset(session, begin, solve):
    sitting = begin()
    solve(sitting, 1)
    (sitting.workspace.root / "random.py").write_text("")
    reset(session, sitting)
    assert text(sitting) == "REACHED = 0\n"


def test_a_file_that_was_not_handed_out(session, begin):
    with pytest.raises(
        RequestError, match=r"'mine.py' is not one of the starting files.*helper.py, solution.py"
    ):
        reset(session, begin(), ["mine.py"])


def test_nothing_to_undo(session, begin):
    with pytest.raises(RequestError, match="nothing to undo"):
        undo(session, begin())


def test_not_after_the_end(session, begin, solve):
    sitting = begin()
    solve(sitting, 1)
    finish(session, sitting)
    with pytest.raises(RequestError, match="is over"):
        reset(session, sitting)
    assert text(sitting) == "REACHED = 1\n"


LATER = ("statements/level1.md", "tests/test_level1.py", "tests/test_level2.py")


@pytest.mark.parametrize("command", [level_statement, run_tests, reset])
def test_deleted_statements_and_visible_suites_come_back(session, begin, solve, command):
    sitting = begin()
    solve(sitting, 1)
    submit(session, sitting)
    before = [text(sitting, name) for name in LATER]
    for name in LATER:
        (sitting.workspace.root / name).unlink()
    command(session, sitting)
    assert [text(sitting, name) for name in LATER] == before


def test_tests_run_where_nothing_can_be_written(session, begin):
    sitting = begin()
    folder = sitting.workspace.root / "statements"
    shutil.rmtree(folder)
    folder.write_text("a file where a folder should be")
    assert run_tests(session, sitting).judgement.outcomes


def test_a_changed_visible_suite_is_reset_by_name_only(session, begin):
    sitting = begin()
    suite = sitting.workspace.root / "tests" / "test_level1.py"
    original = suite.read_text()
    suite.write_text("# mine\n")
    reset(session, sitting)
    assert suite.read_text() == "# mine\n"
    assert reset(session, sitting, ["tests/test_level1.py"]).names == ("tests/test_level1.py",)
    assert suite.read_text() == original
    undo(session, sitting)
    assert suite.read_text() == "# mine\n"


def test_a_file_of_a_locked_level_cannot_be_reset(session, begin):
    with pytest.raises(RequestError, match="not one of the starting files"):
        reset(session, begin(), ["tests/test_level2.py"])


class TestRestore:
    def test_brings_back_what_was_submitted_last(self, session, begin, solve, settings):
        sitting = begin()
        solve(sitting, 1)
        submit(session, sitting)
        solve(sitting, 2)
        shutil.rmtree(sitting.workspace.root)
        back = restore(session, sitting.state.id)
        assert back.workspace.root == settings.workspaces / "steps"
        assert text(back) == "REACHED = 1\n"
        assert (back.workspace.root / "statements" / "level2.md").exists()
        assert find(session, None, back.workspace.root).state.id == sitting.state.id

    def test_a_test_run_is_newer_than_a_submission(self, session, begin, solve, tmp_path):
        sitting = begin()
        submit(session, sitting)
        solve(sitting, 1)
        run_tests(session, sitting)
        shutil.rmtree(sitting.workspace.root)
        assert text(restore(session, sitting.state.id, tmp_path / "new")) == "REACHED = 1\n"

    def test_a_submission_that_was_never_judged(self, session, begin, solve, judge):
        sitting = begin()
        run_tests(session, sitting)
        solve(sitting, 2)

        def kill():
            raise KeyboardInterrupt

        judge.before = kill
        with pytest.raises(KeyboardInterrupt):
            submit(session, sitting)
        shutil.rmtree(sitting.workspace.root)
        assert text(restore(session, sitting.state.id)) == "REACHED = 2\n"

    def test_nothing_recorded_gives_the_skeleton(self, session, begin):
        sitting = begin()
        shutil.rmtree(sitting.workspace.root)
        assert text(restore(session, sitting.state.id)) == "REACHED = 0\n"

    def test_a_workspace_that_is_there_is_not_restored(self, session, begin):
        sitting = begin()
        with pytest.raises(RequestError, match="still there") as caught:
            restore(session, sitting.state.id)
        assert caught.value.hint == f"cd {sitting.workspace.root}"


def test_a_reference_that_a_killed_reveal_did_not_write_comes_with_the_statement(session, begin):
    sitting = begin()
    session.store.reveal(sitting.state.id)
    level_statement(session, sitting)
    reference = sitting.workspace.root / "statements" / "level1_reference" / "solution.py"
    assert reference.read_text() == "REACHED = 1\n"
