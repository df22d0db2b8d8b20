"""A hundred thousand files where a person, a stranger or a build left them: said, and soon."""

from __future__ import annotations

import os
import shutil
import time

import pytest

pytestmark = pytest.mark.exhaustive

CROWD = 100_000
SECONDS = 60


@pytest.fixture(autouse=True)
def away(tmp_path):
    """Leave no crowd behind: pytest keeps folders of earlier runs."""
    yield
    shutil.rmtree(tmp_path)


@pytest.fixture
def work(started):
    """The workspace of the attempt that is running."""
    return started.work / "steps"


def crowd(folder, *, per_folder=0, ending=""):
    """Make a hundred thousand files in ``folder``, or in folders of it."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder
    for number in range(CROWD):
        if per_folder and number % per_folder == 0:
            place = folder / f"d{number // per_folder}"
            place.mkdir()
        os.close(os.open(place / f"f{number}{ending}", os.O_CREAT | os.O_WRONLY))


def soon(shell, *arguments):
    """Run a command and return its exit code; it has to end soon."""
    begun = time.monotonic()
    code = shell(*arguments)
    assert time.monotonic() - begun < SECONDS, arguments
    return code


@pytest.mark.parametrize("per_folder", [0, 1000], ids=["one folder", "many folders"])
@pytest.mark.parametrize("ending", ["", ".py"])
def test_a_workspace(started, work, per_folder, ending):
    crowd(work / "heap", per_folder=per_folder, ending=ending)
    for command in ("test", "submit"):
        assert soon(started, command) == 2, started.err
        # Which of both comes first is a matter of the order in which the system lists files.
        assert "more than 20000 files" in started.err or "more than 200 Python" in started.err
        assert "hint: Move what is not part of the solution out" in started.err
    for command in ("status", "statement", "history", "list"):
        assert soon(started, command) == 0, started.err
    assert soon(started, "finish", "--yes") in (0, 1), started.err


def test_a_workspace_whose_crowd_lies_where_nobody_looks(started, work):
    crowd(work / ".venv", per_folder=10_000, ending=".py")
    assert soon(started, "submit") == 1, started.err


def test_a_problem_of_a_pack(shell, tmp_path):
    problems = tmp_path / "pack" / "problems"
    crowd(problems / "steps" / "level1", per_folder=10_000)
    assert soon(shell, "list") == 0
    assert "5000 files and folders or more" in shell.out + shell.err
    assert soon(shell, "start", "steps", "--no-watch") == 4
    assert "5000 files and folders or more" in shell.err
    assert soon(shell, "author", "check", "steps") == 4


def test_the_folder_of_a_packs_problems(shell, tmp_path):
    crowd(tmp_path / "pack" / "problems")
    assert soon(shell, "list") == 4
    assert "more than 1000 files and folders" in shell.err


def test_a_foreign_exercise(shell, tmp_path):
    exercise = tmp_path / "exercise"
    crowd(exercise, per_folder=10_000, ending=".py")
    assert soon(shell, "author", "import", str(exercise), "--into", str(tmp_path / "mine")) == 2
    assert "holds more than" in shell.err
    assert not (tmp_path / "mine").exists()
