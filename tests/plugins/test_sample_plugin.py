"""A plugin of somebody else: built, installed into a folder, found through PYTHONPATH."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.model.plain import to_plain

SOURCE = Path(__file__).parents[1] / "sample_plugin"

PROGRAM = """
import json, os, sys
from dataclasses import replace
from datetime import datetime, UTC
from pathlib import Path
from harness.model.plain import from_plain
from harness.model.attempt import AttemptState, Event
from harness.model.judgement import Judgement
from harness.model.problem import Problem
from harness.plugins import load_plugins

given = json.load(sys.stdin)
problem = from_plain(Problem, given["problem"])
state = from_plain(AttemptState, given["state"])
judgement = from_plain(Judgement, given["judgement"])
event = from_plain(Event, given["event"])

host = load_plugins()
other = replace(problem, manifest=replace(problem.manifest, slug="sample_problem"))
host.attempt_event(event)
host.judged(state, judgement)
print(json.dumps({
    "names": host.names,
    "problems": [str(problem) for problem in host.problems],
    "backends": sorted(host.backends()),
    "packs": [path.name for path in host.packs()],
    "commands": [command.name for command in host.commands()],
    "score": [host.score(problem, state, []), host.score(other, state, []).total],
    "log": Path(os.environ["SAMPLE_PLUGIN_LOG"]).read_text(),
}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample plugin, as ``pip install --target`` makes it."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copytree(SOURCE, folder / "source", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--disable-pip-version-check"]
    command += ["--target", str(folder / "site"), str(folder / "source")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "site"


def test_every_hook_of_an_installed_plugin_is_called(
    installed: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    given = {
        name: to_plain(request.getfixturevalue(name))
        for name in ("problem", "state", "judgement", "event")
    }
    environ = os.environ | {
        "PYTHONPATH": str(installed),
        "SAMPLE_PLUGIN_LOG": str(tmp_path / "log.txt"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(given),
        env=environ,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "names": ["sample"],
        "problems": [
            "The plugin 'broken' could not be loaded: ModuleNotFoundError: "
            "No module named 'harness_sample_plugin.no_such_module'"
        ],
        "backends": ["sample"],
        "packs": ["pack"],
        "commands": ["sample"],
        "score": [None, 0],
        "log": "created\nsmall_queue: accepted\n",
    }
