"""docs/authoring.md: the tutorial's files are written and its commands typed, one after another."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

TUTORIAL = (Path(__file__).parent.parent / "docs" / "authoring.md").read_text(encoding="utf-8")
STEP = re.compile(
    r"^(?:`(?P<path>[^`\n]+)`(?P<end>, at its end)?:\n\n)?"
    r"(?P<fence>```+)(?P<kind>\w+)\n(?P<body>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


def steps():
    """Yield path, mode and text of each block of the tutorial; without a path it is typed."""
    tutorial, _, _ = TUTORIAL.partition("\n# Reference\n")
    for found in STEP.finditer(tutorial):
        assert found["path"] or found["kind"] == "sh", found[0]
        yield found["path"], "a" if found["end"] else "w", found["body"]


def run(commands, folder):
    environ = {
        **{name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder / "person"),
        "HARNESS_HOME": str(folder / "home"),
    }
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder / "pack",
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )


def warnings_of(problem, folder):
    """Return which checks warn: step 1 promises one warning, to the end."""
    document = json.loads(run(f"harness author check {problem} --json", folder).stdout)
    return sorted(
        result["check"]
        for result in document["results"]
        for finding in result["findings"]
        if finding["severity"] == "warning"
    )


def test_the_tutorial_leads_where_it_says(tmp_path):
    (tmp_path / "pack").mkdir()
    said = []
    for path, mode, text in steps():
        if path is None:
            done = run(text, tmp_path)
            assert done.returncode == 0, f"{text}\n{done.stdout}"
            said.append(done.stdout)
            continue
        file = tmp_path / "pack" / path
        assert file.is_file() or "/level3/" in path, path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open(mode, encoding="utf-8") as opened:
            opened.write(text)
    assert "✘" not in "".join(said)
    assert warnings_of("problems/ledger", tmp_path) == ["version"]
    assert "keeps_the_name: answers differently at level 3" in said[-3]
    assert "ledger" in said[-1]
    assert (tmp_path / "pack/sitting/solution.py").is_file()
