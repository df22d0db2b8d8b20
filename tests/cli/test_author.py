"""``harness author run`` with a selection of cases, and ``harness author schema``."""

from __future__ import annotations

import json

import pytest

from harness.catalog.manifest_file import json_schema
from harness.cli.invocation import Invocation
from harness.cli.main import call_command
from harness.errors import ExitCode


@pytest.fixture
def run(shell, tmp_path):
    """Judge the reference of level 2 with more arguments."""
    shell.monkeypatch.setenv("HARNESS_BACKEND", "process")
    solution = tmp_path / "pack/problems/steps/reference/level2"
    return lambda *more: shell("author", "run", "steps", "--solution", str(solution), *more)


def test_a_selection_that_matches_no_case_is_no_failure_of_the_judge(shell, run):
    assert run("-k", "nothingatall") == ExitCode.USAGE
    assert "error: No hidden case of levels 1 to 2 matches 'nothingatall'." in shell.err
    assert "judge failed" not in shell.err + shell.out
    assert run("-k", "(") == ExitCode.USAGE
    assert "error: pytest cannot read -k '(': " in shell.err
    assert run("-k", "test_hidden", "--visible", "--level", "1") == ExitCode.USAGE
    assert "No visible case of level 1 matches 'test_hidden'." in shell.err


def test_levels_without_a_matching_case_are_not_shown(shell, run, tmp_path):
    suite = tmp_path / "pack/problems/steps/level2/test_hidden.py"
    suite.write_text(suite.read_text().replace("test_hidden", "test_far"))
    assert run("-k", "far") == 0
    assert "Level 2" in shell.out
    assert "Level 1" not in shell.out
    assert "✘" not in shell.out
    assert "accepted · hidden 1/1" in shell.out


def test_a_selection_can_be_refused(shell, run, tmp_path):
    broken = tmp_path / "broken.py"
    broken.write_text("def step(place):\n    return place\n")
    assert run("-k", "hidden") == 0
    shell.monkeypatch.chdir(tmp_path)
    words = ("author", "run", "steps", "--solution", "broken.py", "-k", "test_hidden")
    assert shell(*words) == ExitCode.NOT_ACCEPTED
    assert "Level 1" in shell.out


def test_prints_the_schema_and_nothing_else(capsys):
    assert call_command(["author", "schema"], Invocation()) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == json_schema()
    assert said.err == ""
