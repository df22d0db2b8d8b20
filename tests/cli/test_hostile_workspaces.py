"""Workspaces as somebody else may hand them in: whatever lies in them is refused or harmless."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 60
HARNESS = Path(sys.executable).with_name("harness")

# What python or pytest would run by itself, if it ever looked for it in this folder.
CODE = """\
import pathlib
pathlib.Path({mark!r}).write_text("ran")
"""
SELF_RUNNING = (
    "conftest.py",
    "tests/conftest.py",
    "sitecustomize.py",
    "usercustomize.py",
    "setup.py",
    "noxfile.py",
    "pytest_plugin.py",
    "test_own.py",
    "tests/test_own.py",
    "solution/__main__.py",
    "__main__.py",
    "click.py",
    "pydantic/__init__.py",
    "pytest.py",
    "rich/__init__.py",
    "pluggy.py",
    ".git/hooks/pre-commit",
    ".git/hooks/post-checkout",
    ".venv/bin/activate",
    ".vscode/tasks.py",
)
ALWAYS_PASS = "[pytest]\naddopts = --collect-only -p pytest_plugin -p no:harness\n"
SETTINGS = {
    "pytest.ini": ALWAYS_PASS,
    "tox.ini": ALWAYS_PASS,
    "setup.cfg": ALWAYS_PASS.replace("[pytest]", "[tool:pytest]"),
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--collect-only -p pytest_plugin'\n",
    ".env": "HARNESS_BACKEND=process\nPYTHONPATH=.\n",
    "config.toml": 'backend = "process"\n',
    "evil.pth": "import pytest_plugin\n",
    "pyvenv.cfg.txt": "home = /nowhere\n",
}


def harness(*arguments, folder, command=(str(HARNESS),)):
    """Run ``harness`` in a process of its own."""
    return subprocess.run(
        [*command, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def put(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def work(started):
    """The workspace of a fresh attempt."""
    return started.work / "steps"


@pytest.fixture
def planted(work, tmp_path):
    """A workspace full of things that run by themselves elsewhere; each leaves a mark."""
    mark = tmp_path / "ran"
    for name in SELF_RUNNING:
        if not name.startswith("solution/"):  # refused, and tested with the workspace
            put(work, name, CODE.format(mark=str(mark)))
    for name, text in SETTINGS.items():
        put(work, name, text)
    for hook in (work / ".git" / "hooks").iterdir():
        hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
        hook.chmod(0o755)
    return mark


@pytest.mark.parametrize("command", [(str(HARNESS),), (sys.executable, "-m", "harness")])
def test_planted_files_run_nowhere_and_change_no_verdict(work, planted, first, command):
    assert harness("test", folder=work, command=command).returncode == 1
    assert harness("submit", folder=work, command=command).returncode == 1
    assert harness("status", folder=work, command=command).returncode == 0
    assert not planted.exists()
    (work / "solution.py").write_text(first)
    done = harness("submit", folder=work, command=command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not planted.exists()


def test_planted_files_do_not_speak_for_a_solution_that_is_missing(work, planted):
    (work / "solution.py").write_text("")
    done = harness("submit", folder=work)
    assert done.returncode == 1
    assert "not accepted" in done.stdout


def test_a_poisoned_cache_is_not_believed(started, work, first):
    """Byte code whose time and size agree with the source: an interpreter would take it."""
    import importlib.util
    import marshal
    import struct

    source = work / "solution.py"
    status = source.stat()
    code = compile(first, str(source), "exec")
    head = importlib.util.MAGIC_NUMBER + struct.pack(
        "<III", 0, int(status.st_mtime), status.st_size
    )
    cache = Path(importlib.util.cache_from_source(str(source)))
    cache.parent.mkdir()
    cache.write_bytes(head + marshal.dumps(code))
    assert started("submit") == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"),
        lambda text: b"# -*- coding: utf-8 -*-\n" + text + "# \u00e9\u65e5\u672c\n".encode(),
        lambda text: text.rstrip(b"\n"),
        lambda text: text.replace(b"\n", b"\r"),
    ],
    ids=["mark", "crlf", "mark and crlf", "cookie", "no newline", "cr"],
)
def test_text_as_other_systems_save_it_is_judged_as_python_reads_it(started, work, first, change):
    (work / "solution.py").write_bytes(change(first.encode()))
    assert started("test") == 0, started.out


def refused(shell, *arguments):
    """The error of a command that must not be carried out."""
    assert shell(*arguments) == 2, shell.out
    assert shell.err.startswith("error: ")
    assert "hint: " in shell.err
    assert "Traceback" not in shell.err
    return shell.err


@pytest.mark.parametrize("command", ["test", "submit"])
def test_what_is_no_ordinary_file_is_refused(started, work, tmp_path, command):
    solution = work / "solution.py"
    solution.unlink()
    os.mkfifo(solution)
    assert "is not a regular file" in refused(started, command)
    solution.unlink()
    solution.symlink_to(tmp_path / "pack" / "problems" / "steps" / "level1" / "test_hidden.py")
    assert "is a symbolic link" in refused(started, command)
    solution.unlink()
    solution.symlink_to("solution.py")
    assert "is a symbolic link" in refused(started, command)
    solution.unlink()
    solution.symlink_to("/dev/zero")
    assert "is a symbolic link" in refused(started, command)
    solution.unlink()
    os.link(tmp_path / "pack" / "problems" / "steps" / "level1" / "test_hidden.py", solution)
    assert "has 2 names on this disk" in refused(started, command)
    solution.unlink()
    with socket.socket(socket.AF_UNIX) as endpoint:
        endpoint.bind("solution.py")
        assert "is not a regular file" in refused(started, command)
    solution.unlink()
    solution.mkdir()
    assert "solution.py is missing" in refused(started, command)


def test_a_suite_never_leaves_by_a_link(started, work, tmp_path):
    """Not by the record, either: what is refused is not kept."""
    (work / "peek.py").symlink_to(tmp_path / "pack/problems/steps/level1/test_hidden.py")
    refused(started, "submit")
    (work / "peek.py").unlink()
    assert started("submit") == 1
    assert started("finish", "--yes") == 0
    started("attempts", "export")
    assert "peek" not in started.out


@pytest.mark.parametrize("kind", ["crowd", "one gigabyte", "deep"])
def test_too_much_is_refused_at_once(started, work, kind):
    if kind == "crowd":
        for folder in range(3):  # beyond the limit nothing is looked at, so more would be the same
            (work / f"d{folder}").mkdir()
            for number in range(7000):
                os.close(os.open(work / f"d{folder}" / str(number), os.O_CREAT | os.O_WRONLY))
    elif kind == "one gigabyte":
        with open(work / "big.py", "wb") as file:
            file.truncate(1 << 30)
    else:
        inner = work
        for _ in range(60):
            inner = inner / "d"
            inner.mkdir()
    error = refused(started, "submit")
    expected = {"crowd": "more than 20000 files", "one gigabyte": "larger than 1 MiB"}
    assert expected.get(kind, "the limit is 8") in error
    assert started("status") == 0
    shutil.rmtree(work)


def test_watching_a_workspace_that_gets_crowded_says_so_and_goes_on(started, sit_down, work):
    person = sit_down("watch")
    person.sees_at_the_bottom("visible 0/1")
    for number in range(21_000):
        os.close(os.open(work / f"{number}.txt", os.O_CREAT | os.O_WRONLY))
    person.sees("more than 20000 files")
    person.type("l")
    person.sees("The second step")
    person.type("q")
    assert person.ends() == 0


ODD_NAMES = [
    "two words.py",
    "-rf.py",
    "--help.py",
    "$(touch x).py",
    "'quote\".py",
    "\u00e9\u65e5\u672c.py",
    "\U0001f600.py",
    "a" * 252 + ".py",
    "\U0001f600" * 63 + ".py",
    "%s{}.py",
    "[bold].py",
    "*.py",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_are_kept_as_they_are(started, work, name):
    (work / name).write_text("kept = 1\n")
    assert started("submit") == 1
    assert started("status") == 0
    attempt = started.json("status")["attempt"]
    shutil.rmtree(work)
    started.cd(work.parent)
    assert started("restore", attempt) == 0, started.err
    assert (work / name).read_text() == "kept = 1\n"
    assert [path for path in work.rglob("*") if path.suffix == ".tmp"] == []


@pytest.mark.parametrize("name", ["new\nline.py", "\x1b[2J.py", "a\u202ecod.py", "bell\x07.py"])
def test_names_that_could_deceive_are_refused_and_shown_escaped(started, work, name):
    (work / name).write_text("x = 1\n")
    error = refused(started, "test")
    assert name not in error
    assert error.isascii()
    assert error.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    "name", ["es\x1b[31mc", "bidi\u202e", "new\nline", "-dash", "a b", "$(touch x)", "\U0001f600"]
)
def test_a_workspace_in_a_folder_with_an_odd_name(shell, tmp_path, first, name):
    folder = tmp_path / name
    outputs = []

    def run(*arguments):
        code = shell(*arguments)
        outputs.extend([shell.out, shell.err])
        return code

    assert run("start", "steps", "--dir", str(folder), "--no-watch") == 0, shell.err
    shell.cd(folder)
    (folder / "solution.py").write_text(first)
    assert run("submit") == 0, shell.err
    assert shell.json("status")["workspace"] == str(folder)
    assert run("status") == 0
    assert run("history") == 0
    assert run("finish", "--yes") == 0
    assert run("report") == 0
    assert not [out for out in outputs if "\x1b" in out or "\u202e" in out]


def test_a_folder_whose_name_is_no_text(shell, tmp_path, first):
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    done = harness("start", "steps", "--dir", str(folder), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    (folder / "solution.py").write_text(first)
    for command in ("submit", "status", "status --json", "history", "reset --yes", "report"):
        done = harness(*command.split(), folder=folder)
        assert done.returncode == 0, done.stderr
    renamed = folder.rename(tmp_path / os.fsdecode(b"th\xe9"))
    assert harness("status", folder=renamed).returncode == 0


# -- what we write


@pytest.fixture
def elsewhere(tmp_path):
    """A folder that is nobody's business, with something precious in it."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for name in ("solution.py", "level2.md", "test_level2.py", "level1_reference.md"):
        (folder / name).write_text("precious")
    yield folder
    assert {path.read_text() for path in folder.iterdir()} == {"precious"}
    assert len(list(folder.iterdir())) == 4


@pytest.mark.parametrize("place", ["statements", "tests"])
@pytest.mark.usefixtures("elsewhere")
def test_a_level_that_opens_is_never_written_through_a_linked_folder(
    started, work, tmp_path, first, place
):
    shutil.rmtree(work / place)
    (work / place).symlink_to(tmp_path / "elsewhere")
    (work / "solution.py").write_text(first)
    error = refused(started, "submit")
    assert f"{place} is a symbolic link" in error
    (work / place).unlink()
    assert started("submit") == 0
    assert (work / place).is_dir()


@pytest.mark.usefixtures("elsewhere")
def test_a_folder_exchanged_for_a_link_while_judging_stops_no_verdict(
    started, work, tmp_path, first, monkeypatch
):
    """The level opens; its files come when they can be written."""
    from harness.workspace import Workspace

    really_open = Workspace.open_level

    def exchange_and_open(self, problem, level):
        shutil.rmtree(work / "statements")
        (work / "statements").symlink_to(tmp_path / "elsewhere")
        return really_open(self, problem, level)

    (work / "solution.py").write_text(first)
    monkeypatch.setattr(Workspace, "open_level", exchange_and_open)
    assert started("submit") == 0
    monkeypatch.undo()
    assert "Level 2 of 2 is open" in started.out
    assert "Its files could not be written. statements is a symbolic link" in started.out
    started.cd(work)
    (work / "statements").unlink()
    started.monkeypatch.setenv("HARNESS_HOME", str(started.home))
    assert started("statement") == 0, started.err
    assert (work / "statements" / "level2.md").is_file()


def test_a_level_that_opens_is_never_written_through_a_linked_file(started, work, elsewhere, first):
    for name in ("statements/level2.md", "tests/test_level2.py"):
        (work / name).symlink_to(elsewhere / Path(name).name)
    (work / "solution.py").write_text(first)
    assert started("submit") == 0, started.err


def test_reset_and_undo_never_follow_a_link(started, work, elsewhere, first):
    solution = work / "solution.py"
    solution.write_text(first)
    assert started("reset", "--yes") == 0
    solution.unlink()
    solution.symlink_to(elsewhere / "solution.py")
    assert started("undo") == 0, started.err
    assert not solution.is_symlink()
    assert solution.read_text() == first
    solution.unlink()
    os.link(elsewhere / "solution.py", solution)
    assert started("reset", "--yes") == 0, started.err
    assert "raise NotImplementedError" in solution.read_text()
    solution.unlink()
    os.mkfifo(solution)
    assert started("reset", "--yes") == 0, started.err
    assert solution.is_file()


@pytest.mark.parametrize("target", ["solution.py", "/dev/zero", "nowhere"])
def test_a_link_is_reset_by_its_name_from_any_folder(started, work, target):
    solution = work / "solution.py"
    solution.unlink()
    solution.symlink_to(target)
    started.cd(work / "tests")
    assert started("reset", "--yes", "../solution.py") == 0, started.err
    assert not solution.is_symlink()


@pytest.mark.usefixtures("elsewhere")
def test_the_reference_is_never_written_through_a_link(started, work, tmp_path):
    shutil.rmtree(work / "statements")
    (work / "statements").symlink_to(tmp_path / "elsewhere")
    assert "statements is a symbolic link" in refused(started, "reveal", "--yes")
    assert started.json("status")["level"] == 1  # nothing was given up for nothing


def test_a_workspace_exchanged_for_a_link_is_no_workspace(started, work, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(work, other)
    shutil.rmtree(work)
    work.symlink_to(other)
    attempt = started.json("history")["attempts"][0]["attempt"]
    started.cd(tmp_path)
    assert started("reset", "--yes", "--attempt", attempt) == 2
    assert "is gone" in started.err


@pytest.mark.skipif(os.getuid() != 0, reason="only root can mount a disk of its own")
@pytest.mark.parametrize(("options", "says"), [("size=64k", "No space left"), ("ro", "Read-only")])
def test_a_disk_that_takes_no_more(started, work, first, options, says):
    """The submission counts whatever the disk says, and the level's files come later."""
    (work / "solution.py").write_text(first)
    kept = {path: path.read_bytes() for path in work.rglob("*") if path.is_file()}
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(work)], check=True)
    try:
        started.cd(work.parent)
        started.cd(work)
        for path, content in kept.items():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        if options == "ro":
            subprocess.run(["mount", "-o", "remount,ro", str(work)], check=True)
        else:
            with contextlib.suppress(OSError):
                (work / "filler").write_bytes(b"x" * (1 << 20))
        assert started("submit") == 0, started.err
        assert "Level 2 of 2 is open" in started.out
        assert says in " ".join(started.out.split())
        assert started("status") == 0
        assert started("reset", "--yes") == 2
        assert says in started.err
        assert (work / "solution.py").read_text() == first
    finally:
        started.cd(work.parent)
        subprocess.run(["umount", str(work)], check=True)
