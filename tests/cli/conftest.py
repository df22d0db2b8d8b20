"""A pack of one small problem, the real judge, and commands called as from a shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.cli.invocation import Invocation
from harness.cli.main import call

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
        code = call(list(arguments), invocation or Invocation())
        self.out, self.err = self.capsys.readouterr()
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
