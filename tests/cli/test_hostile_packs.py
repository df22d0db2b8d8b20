"""What a pack says and what a solution prints never controls the terminal of who looks at it."""

from __future__ import annotations

import re
import shutil

import pytest

CONTROLS = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u200b"
RAW = re.compile("\x1b|\x07|\x9b|\u202e|\u200b")
SGR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def problem(tmp_path):
    """The folder of the problem in the pack."""
    return tmp_path / "pack" / "problems" / "steps"


@pytest.fixture
def bidi(problem):
    """The pack with titles, summaries and hints that reorder and hide text."""
    manifest = problem / "problem.toml"
    text = manifest.read_text()
    for word in ("Steps", "One step", "The first step", "Take a step.", "Lift a foot."):
        assert word in text
        text = text.replace(word, f"{word}\u202e\u200b")
    manifest.write_text(text)
    statement = problem / "level1" / "statement.md"
    statement.write_text("# Level 1\u202e\n\n[a link\u200b](http://x) `code\u202e` [bold]\n")


def test_titles_and_statements(shell, bidi, first):
    shell.monkeypatch.setenv("HARNESS_COLOUR", "always")
    for command in (
        "list",
        "start steps --no-watch",
        "statement",
        "status",
        "submit",
        "history",
        "finish --yes",
        "report",
    ):
        shell(*command.split())
        for text in (shell.out, shell.err):
            assert not RAW.search(SGR.sub("", text)), command
        if command.startswith("start"):
            shell.cd(shell.work / "steps")
            shell.write(first)


def test_titles_in_a_terminal(shell, bidi, sit_down):
    person = sit_down("start", "steps")
    person.sees_at_the_bottom("save a file to test it")
    person.type("lhc")
    for seen in ("The second step", "Lift a foot.", "Level 1"):
        person.sees(seen)
    person.type("q")
    assert person.ends() == 0
    assert "\u202e".encode() not in person.raw
    assert "\u200b".encode() not in person.raw


def test_what_a_solution_says_in_a_terminal(started, sit_down):
    started.write(
        f"controls = {CONTROLS!r}\n\n\nclass Odd(Exception):\n    pass\n\n\n"
        "Odd.__name__ = controls\n\n\ndef step(place):\n    print(controls)\n"
        "    raise Odd(controls)\n"
    )
    person = sit_down("test", "-v")
    assert person.ends() == 1
    assert "owned" in person.everything
    assert b"\x1b]0;" not in person.raw
    assert b"\x1b[2J" not in person.raw
    for control in ("\x07", "\x9b", "\u202e", "\u200b"):
        assert control.encode() not in person.raw


def test_folders_of_a_pack_with_names_that_deceive(shell, problem):
    for name in ("es\x1b[2Jc", "bidi\u202e", "new\nline", "steps "):
        shutil.copytree(problem, problem.parent / name)
    assert shell("list") in (0, 4)
    assert "steps" in shell.out
    assert not RAW.search(SGR.sub("", shell.out + shell.err))
    assert shell("start", "steps", "--no-watch") == 0
    shell("doctor")
    assert not RAW.search(SGR.sub("", shell.out + shell.err))


@pytest.mark.parametrize("kind", ["pipe", "file", "nowhere", "loop"])
def test_a_pack_that_is_no_folder(shell, tmp_path, kind):
    place = tmp_path / "odd"
    if kind == "pipe":
        import os

        os.mkfifo(place)
    elif kind == "file":
        place.write_text("x")
    elif kind == "loop":
        place.symlink_to(place)
    shell.monkeypatch.setenv("HARNESS_PACKS", str(place))
    assert shell("list") == 4
    assert "cannot be used" in shell.err
    assert "hint: " in shell.err
    assert shell("doctor") in (0, 3)
    assert str(place) in shell.out


def test_a_pack_planted_in_a_workspace_is_no_pack(started, problem):
    """Only the settings say which packs there are, never the current folder."""
    planted = started.work / "steps"
    shutil.copytree(problem.parent.parent / "problems", planted / "problems")
    (planted / "problems" / "steps").rename(planted / "problems" / "planted")
    assert started("list") == 0
    assert "planted" not in started.out


def test_files_planted_in_a_pack_run_nowhere(shell, problem, tmp_path, first):
    mark = tmp_path / "ran"
    code = f"import pathlib\npathlib.Path({str(mark)!r}).write_text('ran')\n"
    for name in ("conftest.py", "level1/conftest.py", "level1/sitecustomize.py", "setup.py"):
        (problem / name).write_text(code)
    for name in ("pytest.ini", "level1/pytest.ini", "level1/tox.ini"):
        (problem / name).write_text("[pytest]\naddopts = --collect-only\n")
    shell("list")
    assert shell("start", "steps", "--no-watch") == 0
    shell.cd(shell.work / "steps")
    assert shell("submit") == 1
    shell.write(first)
    assert shell("submit") == 0
    assert not mark.exists()
