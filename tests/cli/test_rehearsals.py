"""Every problem we ship, rehearsed from the first command to the last with its references."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.catalog.catalog import core_pack

PROBLEMS = sorted(path.parent.name for path in core_pack().glob("problems/*/problem.toml"))


class Rehearsal:
    """Runs ``harness`` in an attempt's workspace."""

    def __init__(self, slug: str, folder: Path) -> None:
        self.reference = core_pack() / "problems" / slug / "reference"
        self.folder = folder
        self.environ = {**os.environ, "HARNESS_HOME": str(folder / "home")}
        self.workspace = folder / "work"
        started = self.run("start", slug, "--dir", str(self.workspace), code=0)
        assert started["judgement"]["accepted"] is False
        self.folder = self.workspace

    def run(self, *arguments: str, code: int) -> dict:
        done = subprocess.run(
            [sys.executable, "-m", "harness", *arguments, "--json"],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (code, ""), done.stdout
        return json.loads(done.stdout)

    def write(self, level: int) -> None:
        """Write the reference of a level, as a candidate would."""
        shutil.copytree(self.reference / f"level{level}", self.workspace, dirs_exist_ok=True)


def test_there_are_problems():
    assert PROBLEMS


@pytest.mark.parametrize("slug", PROBLEMS)
def test_with_the_references_to_full_marks(slug, tmp_path):
    rehearsal = Rehearsal(slug, tmp_path)
    for level in (1, 2, 3, 4):
        statement = rehearsal.run("statement", code=0)
        assert statement["level"] == level
        assert (rehearsal.workspace / "tests" / f"test_level{level}.py").exists()
        rehearsal.write(level)
        tested = rehearsal.run("test", code=0)
        assert tested["judgement"]["accepted"] is True
        submitted = rehearsal.run("submit", code=0)
        assert submitted["opened"] == (level + 1 if level < 4 else None)
    report = rehearsal.run("report", code=0)
    assert report["end"] == "completed"
    assert report["score"]["total"] == report["score"]["max"]
    assert report["score"]["estimate"] == 600
    assert report["editorial"]
    assert [level["submissions"] for level in report["levels"]] == [1, 1, 1, 1]
    (past,) = rehearsal.run("history", code=0)["attempts"]
    assert past["points"] == past["max_points"]


@pytest.mark.parametrize("slug", PROBLEMS)
def test_a_level_behind_is_not_accepted(slug, tmp_path):
    rehearsal = Rehearsal(slug, tmp_path)
    rehearsal.write(1)
    rehearsal.run("submit", code=0)
    submitted = rehearsal.run("submit", code=1)
    assert submitted["opened"] is None
    first, second = submitted["judgement"]["levels"]
    assert first["accepted"] is True
    assert second["accepted"] is False
    assert rehearsal.run("finish", "--yes", code=0)["end"] == "finished"


@pytest.mark.parametrize("slug", PROBLEMS)
def test_plain_pytest_in_the_workspace(slug, tmp_path):
    """As documented for the candidate: the opened suites and own tests, without the harness."""
    rehearsal = Rehearsal(slug, tmp_path)
    rehearsal.write(1)
    (rehearsal.workspace / "test_mine.py").write_text("def test_mine():\n    assert True\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=rehearsal.workspace,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
