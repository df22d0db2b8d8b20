"""Every command where streams are closed or full, and where the environment is odd."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest

from harness.cli.commands import AUTHOR_SECTIONS, SECTIONS

RAW = re.compile(r"Traceback|Errno|OSError|Internal error|Bad file descriptor|\x1b\[")
FEW = re.compile(r"limit of open files")

COMMANDS = {
    "list": "list",
    "start": "start steps --no-watch",
    "start exam": "start steps --mode exam --dir elsewhere",
    "statement": "statement",
    "test": "test",
    "submit": "submit",
    "status": "status",
    "status --json": "status --json",
    "watch": "watch",
    "pause": "pause",
    "resume": "resume",
    "extend": "extend 5",
    "reset": "reset",
    "reset --yes": "reset --yes",
    "undo": "undo",
    "restore": "restore {attempt}",
    "reveal": "reveal",
    "reveal --yes": "reveal --yes",
    "finish": "finish",
    "finish --yes": "finish --yes",
    "report": "report",
    "report --json": "report --json",
    "history": "history",
    "attempts verify": "attempts verify",
    "attempts export": "attempts export {attempt}",
    "attempts backup": "attempts backup ../copy.db",
    "attempts restore": "attempts restore ../no.db --yes",
    "author new": "author new other --levels 1 --dir ../other",
    "author preview": "author preview {problem}",
    "author rules": "author rules {problem}",
    "author mistake": "author mistake {problem} wrong --level 1",
    "author schema": "author schema",
    "author check": "author check {problem} --only references",
    "author run": "author run {problem} --solution {problem}/reference/level1",
    "author fuzz": "author fuzz {problem} --against {problem}/reference/level1 --examples 5",
    "author pack": "author pack {pack} --into ../wheels",
    "author release": "author release {problem} --major --why x",
    "author upgrade": "author upgrade {problem}",
    "author import": "author import ../nothing --into ../imported",
    "bench": "bench help --runs 1",
    "doctor": "doctor",
    "sandbox build": "sandbox build --help",
    "help": "--help",
    "no such command": "lits",
    "no such option": "list --wat",
    "no such option --json": "list --wat --json",
}
LONG = {"author prove": "author prove {problem}"}
"""Tried like the others by exhaustive runs only. In short ones, ``check`` stands for it."""
FUZZ = """\
from hypothesis.strategies import integers

from harness.authoring.fuzz import Fuzz, call

fuzz = Fuzz(begin=[], calls=[call("step", integers(0, 3))])
"""

SURROUNDINGS = {
    "all closed": "<&- >&- 2>&-",
    "full output": ">/dev/full",
    "odd environment": "",
    "few descriptors": "",
}
MORE_SURROUNDINGS = {
    "input closed": "<&-",
    "output closed": ">&-",
    "errors closed": "2>&-",
    "full errors": "2>/dev/full",
    "output for reading": "1</dev/null",
}
ODD_ENVIRONMENT = {"TZ": "QQQ+24:30", "TERM": "dumb", "LANG": "xx", "LC_ALL": "C", "COLUMNS": "1"}


class Desk:
    """A record with an open attempt, put back before each command."""

    def __init__(self, folder: Path, pack: Path) -> None:
        self.folder = folder
        self.live, self._kept = folder / "live", folder / "kept"
        self.live.mkdir()
        self.pack = self.live / "pack"
        shutil.copytree(pack, self.pack)
        (self.pack / "problems" / "steps" / "fuzz.py").write_text(FUZZ)
        self.work = self.live / "work" / "steps"
        started = self.run("start steps --no-watch --json")
        self.attempt = json.loads(started.stdout)["attempt"]
        shutil.copytree(self.live, self._kept)
        self._plain: dict[str, tuple[int, bool]] = {}

    def clear(self) -> None:
        shutil.rmtree(self.live)
        shutil.copytree(self._kept, self.live)

    @cached_property
    def environ(self) -> dict[str, str]:
        mine = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("HARNESS_") and name not in ("NO_COLOR", "FORCE_COLOR")
        }
        return mine | {
            "HARNESS_HOME": str(self.live / "home"),
            "HARNESS_WORKSPACES": str(self.live / "work"),
            "HARNESS_PACKS": str(self.pack),
        }

    def run(
        self,
        typed: str,
        streams: str = "",
        *,
        limit: str = "",
        environ: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        words = typed.format(
            attempt=getattr(self, "attempt", ""),
            pack=self.pack,
            problem=self.pack / "problems" / "steps",
        ).split()
        return subprocess.run(
            [
                "bash",
                "-c",
                f'{limit} exec "$@" {streams}',
                "sh",
                sys.executable,
                "-m",
                "harness",
                *words,
            ],
            cwd=self.work if self.work.is_dir() else self.live,
            env=self.environ if environ is None else environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def plain(self, typed: str) -> tuple[int, bool]:
        """Return the exit code, and whether something is printed, where nothing is odd."""
        if typed not in self._plain:
            self.clear()
            done = self.run(typed)
            self._plain[typed] = done.returncode, bool(done.stdout)
        return self._plain[typed]

    def is_pending(self) -> bool:
        status = self.run(f"status --attempt {self.attempt} --json")
        assert status.returncode == 0, status.stderr
        return bool(json.loads(status.stdout)["pending_submission"])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, new_pack) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    return Desk(folder, new_pack(folder))


def test_every_command_is_tried() -> None:
    groups = {"author": AUTHOR_SECTIONS}
    known = [name for _, rows in SECTIONS for name, _, _ in rows if name not in groups]
    known += [f"author {name}" for _, rows in AUTHOR_SECTIONS for name, _, _ in rows]
    tried = [f"{typed} " for typed in (COMMANDS | LONG).values()]
    assert [name for name in known if not any(t.startswith(f"{name} ") for t in tried)] == []


def check(desk: Desk, typed: str, surrounding: str, streams: str) -> None:
    code, prints = desk.plain(typed)
    desk.clear()
    environ, limit = desk.environ, ""
    if surrounding == "odd environment":
        environ = {**desk.environ, **ODD_ENVIRONMENT}
        environ.pop("HOME", None)
        shutil.rmtree(desk.live / "home" / "cache", ignore_errors=True)
        (desk.live / "home" / "cache").write_text("no folder")
    if surrounding == "few descriptors":
        limit = "ulimit -n 20;"
    done = desk.run(typed, streams, limit=limit, environ=environ)
    printed = done.stdout + done.stderr
    assert not RAW.search(printed), printed
    if surrounding == "few descriptors" and FEW.search(printed):
        assert done.returncode == 3
        assert "ulimit -n" in printed
    elif "/dev/full" in streams and streams.startswith(">") and prints:
        assert done.returncode == 3, printed
        assert "no space is left" in done.stderr
    elif streams.startswith("1<") and prints:
        assert done.returncode == 3, printed
    else:
        assert done.returncode == code, printed
    if typed == "submit":
        assert not desk.is_pending()


@pytest.mark.parametrize("surrounding", SURROUNDINGS)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_in_odd_surroundings(desk, name, surrounding) -> None:
    check(desk, COMMANDS[name], surrounding, SURROUNDINGS[surrounding])


@pytest.mark.parametrize("surrounding", MORE_SURROUNDINGS)
@pytest.mark.parametrize("name", ["status", "test", "submit", "reveal", "author run", "doctor"])
def test_one_stream_at_a_time(desk, name, surrounding) -> None:
    check(desk, COMMANDS[name], surrounding, MORE_SURROUNDINGS[surrounding])


@pytest.mark.exhaustive
@pytest.mark.parametrize("surrounding", SURROUNDINGS | MORE_SURROUNDINGS)
@pytest.mark.parametrize("name", COMMANDS | LONG)
def test_the_same_with_every_command(desk, name, surrounding) -> None:
    streams = (SURROUNDINGS | MORE_SURROUNDINGS)[surrounding]
    check(desk, (COMMANDS | LONG)[name], surrounding, streams)


SETTINGS_OF_COLOUR = [
    ('colour = "never"\n', {}),
    ('colour = "never"\nnonsense = 1\n', {}),
    ("", {"HARNESS_COLOUR": "never"}),
    ("", {"TERM": "dumb"}),
    ("", {"NO_COLOR": "1"}),
    ("", {"NO_COLOR": "1", "FORCE_COLOR": "1"}),
]


@pytest.mark.parametrize("typed", ["start nothing", "lits", "list --wat", "list", "status"])
@pytest.mark.parametrize(("config", "environ"), SETTINGS_OF_COLOUR)
def test_no_line_has_an_escape_code(started, sit_down, monkeypatch, typed, config, environ) -> None:
    (started.home / "config.toml").write_text(config)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    person = sit_down(*typed.split(), terminal=environ.get("TERM", "xterm-256color"))
    person.ends()
    assert person.raw
    assert b"\x1b" not in person.raw


@pytest.mark.parametrize("environ", [{"HARNESS_COLOUR": "never"}, {"TERM": "dumb"}])
@pytest.mark.parametrize("typed", ["test", "submit", "reset", "author check steps --only rules"])
def test_progress_and_questions_have_none_either(started, sit_down, monkeypatch, typed, environ):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    person = sit_down(*typed.split(), terminal=environ.get("TERM", "xterm-256color"))
    if typed == "reset":
        person.sees("[y/N]")
        person.type("y\n")
    person.ends()
    assert b"\x1b" not in person.raw


def test_a_start_in_a_dumb_terminal_does_not_watch(shell, sit_down) -> None:
    person = sit_down("start", "steps", terminal="dumb")
    person.sees("Next: cd ")
    assert person.ends() == 0


def test_colours_are_forced(started) -> None:
    command = [sys.executable, "-m", "harness", "start", "nothing"]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "FORCE_COLOR": "1"}
    )
    assert "\x1b[31m" in done.stderr


@pytest.mark.parametrize(
    "zone", ["", ":", "Nowhere/Land", "/etc/passwd", "QQQ+24:30", "AAA-26", "UTC+999999", "\x01"]
)
def test_any_zone(started, zone) -> None:
    for typed in ("history", "report", "status"):
        done = subprocess.run(
            [sys.executable, "-m", "harness", typed],
            capture_output=True,
            text=True,
            env={**os.environ, "TZ": zone},
        )
        assert done.returncode == 0, done.stderr


GONE = "The current folder was deleted"


@pytest.mark.parametrize("typed", ["status", "test", "submit", "watch", "undo"])
def test_a_folder_that_was_deleted(started, typed) -> None:
    shutil.rmtree(started.work / "steps")
    done = subprocess.run(
        [sys.executable, "-m", "harness", *typed.split()], capture_output=True, text=True
    )
    assert done.returncode == 2, done.stderr
    assert GONE in done.stderr


@pytest.mark.parametrize("typed", ["list", "history", "doctor", "start steps --no-watch"])
def test_what_needs_no_folder_works_in_a_deleted_one(started, typed) -> None:
    shutil.rmtree(started.work / "steps")
    done = subprocess.run(
        [sys.executable, "-m", "harness", *typed.split()], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def run_limited(typed: str, limit: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            "bash",
            "-c",
            f'{limit}; exec "$@"',
            "sh",
            sys.executable,
            "-m",
            "harness",
            *typed.split(),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, **environ},
    )


@pytest.mark.parametrize("blocks", [8, 40, 100])
def test_a_low_limit_of_file_sizes_is_named_and_loses_nothing(started, blocks) -> None:
    before = started.json("status")
    for typed in ("submit", "test", "pause", "history"):
        done = run_limited(typed, f"ulimit -f {blocks}")
        assert not RAW.search(done.stderr), done.stderr
        if done.returncode not in (0, 1):
            assert done.returncode == 3
            assert "limit of file sizes" in done.stderr
            assert "ulimit -f unlimited" in done.stderr
    after = started.json("status")
    assert after["attempt"] == before["attempt"]
    assert not after["pending_submission"] or started("submit") in (0, 1)


def test_without_any_home_what_needs_no_record_works(shell, tmp_path, monkeypatch) -> None:
    problem = tmp_path / "pack" / "problems" / "steps"
    monkeypatch.setattr("platformdirs.user_state_path", lambda *_, **__: Path("~/.local/state"))
    monkeypatch.delenv("HARNESS_HOME")
    monkeypatch.delenv("HARNESS_WORKSPACES")
    monkeypatch.setattr("os.path.expanduser", str)
    assert shell("list") == 0
    assert shell("author", "check", str(problem), "--only", "references") in (0, 1)
    solution = problem / "reference" / "level2"
    assert shell("author", "run", str(problem), "--solution", str(solution)) == 0, shell.err
    for typed in (["start", "steps", "--no-watch"], ["status"], ["history"]):
        assert shell(*typed) == 2
        assert "HOME is not set" in shell.err
        assert "hint: export HARNESS_HOME=" in shell.err
    assert not list(tmp_path.rglob("~*"))
