"""A pack of one small problem, the real judge, and commands called as from a shell."""

from __future__ import annotations

import json
import os
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pexpect
import pyte
import pytest

from harness.cli.invocation import Invocation
from harness.cli.main import call_command
from tests.printing import commands_of, fault_of

MANIFEST = """\
format = 1
slug = "steps"
version = "1.0.0"
title = "Steps"
summary = "One step, then another."
authors = ["Somebody"]
license = "MIT"
minutes = 30

[[levels]]
id = "one"
title = "The first step"
summary = "Take a step."
minutes = 10
points = 100
bonus = 50
hints = ["Lift a foot."]

[levels.symbols]
functions = ["step"]

[[levels]]
id = "two"
title = "The second step"
summary = "Take another."
minutes = 20
points = 200

[levels.symbols]
functions = ["leap"]
"""
SUITE = '''\
from solution import {name}


def test_{kind}():
    """A {kind} {name} is {far} long"""
    assert {name}({number}) == {number} + {far}
'''
HARNESS = (sys.executable, "-m", "harness")
SKELETON = "def step(place):\n    raise NotImplementedError\n"
FIRST = "def step(place):\n    return place + 1\n"
SECOND = FIRST + "\n\ndef leap(place):\n    return place + 2\n"


def write_pack(folder: Path) -> Path:
    """Write the pack with the problem ``steps`` and return its folder."""
    root = folder / "pack" / "problems" / "steps"
    files = {"problem.toml": MANIFEST, "editorial.md": "# Why\n\nBecause.\n"}
    for level, name, solution in ((1, "step", FIRST), (2, "leap", SECOND)):
        files[f"level{level}/statement.md"] = f"# Level {level}\n\nWrite `{name}`.\n"
        for kind, number in (("visible", 1), ("hidden", 5)):
            suite = SUITE.format(name=name, kind=kind, number=number, far=level)
            files[f"level{level}/test_{kind}.py"] = suite
        files[f"reference/level{level}/solution.py"] = solution
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    template = folder / "pack" / "solutions_template" / "steps"
    template.mkdir(parents=True)
    (template / "solution.py").write_text(SKELETON)
    return folder / "pack"


@dataclass
class Shell:
    """Types commands. stdout and stderr are pipes."""

    home: Path
    work: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    out: str = ""
    err: str = ""

    def __call__(self, *arguments: str, invocation: Invocation | None = None) -> int:
        """Run ``harness`` and return its exit code."""
        self.capsys.readouterr()
        code = call_command(list(arguments), invocation or Invocation())
        self.out, self.err = self.capsys.readouterr()
        for text in commands_of(self.out + self.err):
            assert not fault_of(text), fault_of(text)
        return code

    def json(self, *arguments: str) -> Any:
        """Run a command with ``--json`` and return the one document on stdout."""
        self(*arguments, "--json")
        return json.loads(self.out)

    def cd(self, folder: Path) -> None:
        self.monkeypatch.chdir(folder)

    def write(self, text: str) -> None:
        """Save the solution."""
        (self.work / "steps" / "solution.py").write_text(text)


@pytest.fixture
def shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    """A shell in an empty folder, with a record of attempts of its own."""
    for name in ("NO_COLOR", "COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HARNESS_WORKSPACES", str(tmp_path / "work"))
    monkeypatch.setenv("HARNESS_PACKS", str(write_pack(tmp_path)))
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path / "home", tmp_path / "work", capsys, monkeypatch)


@pytest.fixture
def started(shell: Shell) -> Shell:
    """The same, inside the workspace of a fresh attempt."""
    assert shell("start", "steps") == 0
    shell.cd(shell.work / "steps")
    return shell


@pytest.fixture(scope="session")
def first() -> str:
    """A solution of level 1."""
    return FIRST


@pytest.fixture(scope="session")
def second() -> str:
    """A solution of both levels."""
    return SECOND


@pytest.fixture(scope="session")
def new_pack() -> Callable[[Path], Path]:
    return write_pack


class Person:
    """Sits at a terminal: types, and sees what an emulator draws.

    ``raw`` is everything that was written, with all escape sequences.
    """

    def __init__(
        self,
        command: list[str],
        folder: Path,
        columns: int = 80,
        rows: int = 24,
        terminal: str = "xterm-256color",
        encoding: str = "utf-8",
    ) -> None:
        self.screen = pyte.HistoryScreen(columns, rows, history=5000, ratio=1)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        environ = {**os.environ, "TERM": terminal, "PYTHONIOENCODING": encoding}
        self.process = pexpect.spawn(
            command[0],
            command[1:],
            cwd=str(folder),
            env=environ,
            dimensions=(rows, columns),
            timeout=30,
        )

    def type(self, keys: str) -> None:
        self.process.send(keys)

    def sees(self, text: str, seconds: float = 30) -> None:
        """Wait until ``text`` is on the screen or above it."""
        self.waits_for(lambda: text in self.everything, f"{text!r} never came", seconds)

    def sees_at_the_bottom(self, text: str, seconds: float = 30) -> None:
        """Wait until ``text`` is in the bar."""
        self.waits_for(
            lambda: text in "\n".join(self.bottom), f"{text!r} never came to the bottom", seconds
        )

    def ends(self, seconds: float = 30) -> int:
        """Wait for the end of the command and return its exit code."""
        self.waits_for(lambda: self._pump() is False, "it did not end", seconds)
        self.process.wait()
        if self.process.signalstatus is not None:
            return -self.process.signalstatus
        return self.process.exitstatus

    def resize(self, columns: int, rows: int) -> None:
        self.look()
        self.screen.resize(rows, columns)
        self.process.setwinsize(rows, columns)

    def look(self) -> None:
        """Take in what was written until now."""
        while self._pump():
            pass

    @property
    def lines(self) -> list[str]:
        """What is on the screen."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def bottom(self) -> list[str]:
        """The last lines of the screen up to an empty one: the bar."""
        text = "\n".join(self.lines).rstrip("\n")
        return text.rpartition("\n\n")[2].split("\n")

    @property
    def clock(self) -> str:
        """What the bar says about the time that is left."""
        return next((line[-10:] for line in self.bottom if line.endswith("left")), "")

    @property
    def everything(self) -> str:
        """The scrollback and the screen."""
        above = [
            "".join(row[column].data for column in range(self.screen.columns)).rstrip()
            for row in self.screen.history.top
        ]
        return "\n".join([*above, *self.lines])

    @property
    def terminal_is_sane(self) -> bool:
        """Whether the terminal echoes, waits for lines, and shows its cursor."""
        local = termios.tcgetattr(self.process.child_fd)[3]
        cooked = bool(local & termios.ECHO) and bool(local & termios.ICANON)
        return cooked and not self.screen.cursor.hidden

    def close(self) -> None:
        self.process.close(force=True)

    def _pump(self) -> bool | None:
        """Take in some output. None when there is none now, False when there never will be."""
        try:
            data = self.process.read_nonblocking(65536, timeout=0.05)
        except pexpect.TIMEOUT:
            return None
        except pexpect.EOF:
            return False
        self.raw += data
        self._stream.feed(data)
        return True

    def waits_for(self, condition: Callable[[], bool], complaint: str, seconds: float = 30) -> None:
        """Wait until ``condition`` holds; fail with ``complaint`` when it does not."""
        deadline = time.monotonic() + seconds
        while not condition():
            over = self._pump() is False or time.monotonic() > deadline
            shown = self.everything
            assert not over or condition(), f"{complaint}; the terminal shows:\n{shown}"


@pytest.fixture
def sit_down(shell: Shell) -> Iterator[Callable[..., Person]]:
    """Begin to run ``harness`` with some arguments in a terminal."""
    people: list[Person] = []

    def sit_down(*arguments: str, command: Sequence[str] = HARNESS, **more: Any) -> Person:
        people.append(Person([*command, *arguments], Path.cwd(), **more))
        return people[-1]

    yield sit_down
    for person in people:
        person.close()
