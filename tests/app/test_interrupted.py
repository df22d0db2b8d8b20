"""Commands that end between two steps, and what the next one makes of it.

A use case ends here before the n-th file gets its name, for every n.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from operator import attrgetter
from pathlib import Path

import pytest

from harness.app.restoring import reset, restore, undo
from harness.app.session import find, require_workspace
from harness.app.work import level_statement, reveal, run_tests, start, submit
from harness.errors import RequestError, ResourceError

FIRST = {
    ".gitignore", ".harness/attempt.json", "README.md", "helper.py", "pytest.ini", "solution.py",
    "statements/level1.md", "tests/test_level1.py",
}  # fmt: skip
SECOND = {"statements/level2.md", "tests/test_level2.py"}


class EndedError(Exception):
    """Stands for a kill."""


def files_of(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def ended(monkeypatch) -> Callable[[int, Callable[[], object]], bool]:
    """Call a use case that ends before the n-th file gets its name; return whether it did."""
    original = os.replace

    def ended(number: int, use_case: Callable[[], object]) -> bool:
        left = [number]

        def count(*arguments, **more):
            left[0] -= 1
            if left[0] == 0:
                raise EndedError
            original(*arguments, **more)

        with monkeypatch.context() as patch, suppress(EndedError):
            patch.setattr(os, "replace", count)
            use_case()
            return False
        return True

    return ended


def each(ended: Callable[[int, Callable[[], object]], bool], use_case: Callable[[], object]):
    """Yield for each number at which ``use_case`` can be ended, after that."""
    number = 1
    while ended(number, use_case):
        yield number
        number += 1


class TestStart:
    @pytest.mark.parametrize("number", range(1, 11))
    def test_is_finished_by_whatever_comes_next(self, session, begin, ended, number, tmp_path):
        # The first is the file that tries whether there is room.
        over = ended(number, begin)
        assert over == (number < 11)
        states = session.store.all()
        if not states:
            assert number == 1
            assert files_of(session.settings.workspaces) == set()
            return
        (state,) = states
        by_folder = number % 2
        sitting = find(session, None if by_folder else state.id, state.workspace)
        assert files_of(state.workspace) == FIRST
        assert sitting.workspace.read().hash == state.template_snapshot
        assert run_tests(session, sitting).state.id == state.id

    def test_is_finished_by_the_same_start(self, session, begin, ended):
        for _ in each(ended, begin):
            for state in filter(attrgetter("is_open"), session.store.all()):
                assert begin().state.id == state.id
                shutil.rmtree(session.settings.workspaces)
                session.store.finish(state.id)

    @pytest.mark.parametrize("other", [{"mode": "exam"}, {"minutes": 7}, {"feedback": "none"}])
    def test_another_start_is_another_attempt(self, session, begin, ended, other):
        ended(3, begin)
        (state,) = session.store.all()
        assert begin(**other).state.id != state.id

    def test_a_folder_that_was_asked_for(self, session, begin, ended, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        ended(3, lambda: begin(directory=Path("here")))
        (state,) = session.store.all()
        assert begin(directory=tmp_path / "there").state.id != state.id
        assert begin(directory=Path("here")).state.id == state.id

    def test_the_editor_is_not_forgotten(self, session, begin, ended):
        ended(3, lambda: begin(editor="vim"))
        (state,) = session.store.all()
        find(session, None, state.workspace)
        assert (state.workspace / ".exrc").exists()

    def test_what_the_candidate_wrote_meanwhile_stays(self, session, begin, ended):
        ended(7, begin)
        (state,) = session.store.all()
        (state.workspace / "solution.py").write_text("REACHED = 1\n")
        sitting = find(session, None, state.workspace)
        assert submit(session, sitting).opened == 2

    def test_a_disk_that_is_full_then(self, session, begin, monkeypatch):
        def fail(*_, **__):
            raise OSError(28, "No space left on device")

        original = os.replace
        calls = []

        def count(*arguments, **more):
            calls.append(1)
            (fail if len(calls) > 3 else original)(*arguments, **more)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", count)
            with pytest.raises(ResourceError, match=r"has begun, and its clock runs\.") as caught:
                begin()
            assert caught.value.hint.startswith("df -h ")
            (state,) = session.store.all()
            sitting = find(session, None, state.workspace)
            assert level_statement(session, sitting).text
            with pytest.raises(RequestError, match="No space left"):
                require_workspace(sitting)
        assert require_workspace(find(session, None, state.workspace))
        assert files_of(state.workspace) == FIRST


class TestLevels:
    def test_an_unlocked_level_gets_its_files(self, session, begin, solve, ended):
        for number in (1, 2, 3):
            sitting = begin()
            solve(sitting, 1)
            ended(number, lambda sitting=sitting: submit(session, sitting))
            root = sitting.workspace.root
            state = find(session, None, root).state
            assert state.level == 2
            assert state.pending_submission is None
            assert files_of(root) >= FIRST | SECOND

    def test_a_revealed_one_too(self, session, begin, ended):
        for number in range(1, 6):
            sitting = begin()
            ended(number, lambda sitting=sitting: reveal(session, sitting))
            root = sitting.workspace.root
            if find(session, None, root).state.level == 2:
                assert files_of(root) >= SECOND | {"statements/level1_reference/solution.py"}
            else:
                assert number == 1  # while it was tried whether there is room

    def test_deleted_files_come_back(self, session, begin, solve):
        sitting = begin()
        shutil.rmtree(sitting.workspace.root / "statements")
        (sitting.workspace.root / "tests" / "test_level1.py").unlink()
        find(session, None, sitting.workspace.root)
        assert files_of(sitting.workspace.root) == FIRST

    def test_no_file_of_the_candidates_does(self, session, begin):
        sitting = begin()
        (sitting.workspace.root / "helper.py").unlink()
        find(session, None, sitting.workspace.root)
        assert files_of(sitting.workspace.root) == FIRST - {"helper.py"}


class TestRestore:
    @pytest.mark.parametrize("way", ["find", "again", "by id"])
    def test_the_newest_files_are_never_mistaken(self, session, begin, solve, ended, way):
        sitting = begin()
        solve(sitting, 1)
        submit(session, sitting)
        shutil.rmtree(sitting.workspace.root)
        for _ in each(ended, lambda: restore(session, sitting.state.id)):
            state = session.store.state(sitting.state.id)
            if way == "again" or not state.workspace.exists():
                state = restore(session, state.id).state
            else:
                find(session, None if way == "find" else state.id, state.workspace)
            root = state.workspace
            assert (root / "solution.py").read_text() == "REACHED = 1\n"
            assert files_of(root) >= FIRST | SECOND
            shutil.rmtree(session.settings.workspaces)


class TestRewriting:
    """The skeleton has two files."""

    def mine(self, sitting) -> None:
        for name in ("helper.py", "solution.py"):
            (sitting.workspace.root / name).write_text(f"# mine: {name}\nREACHED = 1\n")

    def texts(self, sitting) -> list[str]:
        root = sitting.workspace.root
        return [(root / name).read_text() for name in ("helper.py", "solution.py")]

    @pytest.mark.parametrize("number", [1, 2, 3])
    @pytest.mark.parametrize("again", [0, 1, 2])
    def test_undo_brings_back_all_after_a_reset_that_was_ended(
        self, session, begin, ended, number, again
    ):
        sitting = begin()
        self.mine(sitting)
        before = self.texts(sitting)
        assert ended(number, lambda: reset(session, sitting)) == (number < 3)
        for _ in range(again):
            reset(session, sitting)
            assert self.texts(sitting) == ["", "REACHED = 0\n"]
        undo(session, sitting)
        assert self.texts(sitting) == before

    @pytest.mark.parametrize("number", [1, 2])
    def test_an_undo_that_was_ended_is_finished_by_the_next(self, session, begin, ended, number):
        sitting = begin()
        self.mine(sitting)
        before = self.texts(sitting)
        reset(session, sitting)
        assert ended(number, lambda: undo(session, sitting))
        assert undo(session, sitting).names == ("helper.py", "solution.py")
        assert self.texts(sitting) == before
        undo(session, sitting)
        assert self.texts(sitting) == ["", "REACHED = 0\n"]

    @pytest.mark.parametrize("number", [1, 2])
    def test_a_reset_after_an_undo_that_was_ended_loses_nothing(
        self, session, begin, ended, number
    ):
        sitting = begin()
        self.mine(sitting)
        before = self.texts(sitting)
        reset(session, sitting)
        ended(number, lambda: undo(session, sitting))
        reset(session, sitting)
        undo(session, sitting)
        assert self.texts(sitting) == before

    def test_what_was_changed_since_is_no_interruption(self, session, begin, ended):
        sitting = begin()
        self.mine(sitting)
        ended(2, lambda: reset(session, sitting))
        (sitting.workspace.root / "solution.py").write_text("REACHED = 2\n")
        reset(session, sitting)
        undo(session, sitting)
        assert self.texts(sitting)[1] == "REACHED = 2\n"


def test_a_start_with_nothing_recorded_can_be_typed_again(session, ended):
    ended(1, lambda: start(session, "steps"))
    assert session.store.all() == []
    sitting = start(session, "steps")
    assert files_of(sitting.workspace.root) >= FIRST
