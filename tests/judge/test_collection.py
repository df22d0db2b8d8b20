"""The judge goes straight to its suites, whatever else lies around them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LISTS_WHAT_IT_READS = """
import json, os, sys
import pytest
from harness.judge.plugin import FolderOnTheWay

listed = []
collected = []

class Plugin:
    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path, parent):
        return FolderOnTheWay.from_parent(parent, path=path)

    def pytest_collection_finish(self, session):
        collected.extend(str(item.path) for item in session.items)

def note(event, arguments):
    if event == "os.scandir":
        listed.append(str(arguments[0]))

sys.addaudithook(note)
suites = sys.argv[1:]
pytest.main(
    ["-c", os.devnull, "--rootdir=/", "-q", "--collect-only", "--noconftest",
     "--import-mode=importlib", "-p", "no:cacheprovider", *suites],
    plugins=[Plugin()],
)
print("\\n" + json.dumps([listed, collected]))
"""


def collect(*suites: Path) -> tuple[list[str], list[str]]:
    """What was listed, and the files of the collected cases."""
    done = subprocess.run(
        [sys.executable, "-c", LISTS_WHAT_IT_READS, *map(str, suites)],
        capture_output=True,
        text=True,
        check=True,
    )
    listed, collected = json.loads(done.stdout.splitlines()[-1])
    return listed, collected


def suite(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("def test_one():\n    pass\n")
    return path


def test_suites_are_found_and_no_folder_above_them_is_listed(tmp_path: Path) -> None:
    suites = [
        suite(tmp_path / "problem" / "level1" / "test_hidden.py"),
        suite(tmp_path / "problem" / "level1" / "test_visible.py"),
        suite(tmp_path / "problem" / "level2" / "test_hidden.py"),
        suite(tmp_path / "elsewhere" / "test_hidden.py"),
    ]
    suite(tmp_path / "problem" / "level1" / "test_other.py")
    listed, collected = collect(*suites)
    assert collected == [str(path) for path in suites]
    assert not [path for path in listed if Path(path) in suites[0].parents]
