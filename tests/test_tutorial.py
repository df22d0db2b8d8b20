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
    r"^(?:`(?P<path>[^`\n]+)`:\n\n)?(?P<fence>```+)(?P<kind>\w+)\n(?P<body>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


def steps():
    """Yield (path or None, text) of each block of the tutorial; without a path it is typed."""
    tutorial, _, _ = TUTORIAL.partition("\n# Reference\n")
    for found in STEP.finditer(tutorial):
        assert found["path"] or found["kind"] == "sh", found[0]
        yield found["path"], found["body"]


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
    for path, text in steps():
        if path is None:
            done = run(text, tmp_path)
            assert done.returncode == 0, f"{text}\n{done.stdout}"
            said.append(done.stdout)
            continue
        file = tmp_path / "pack" / path
        assert file.parent.is_dir() or "alternates" in path, path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert "✘" not in "".join(said)
    assert warnings_of("problems/parking", tmp_path) == ["version"]
    assert "last_comes_first: answers differently at level 2" in said[-3]
    assert "parking" in said[-1]
    assert (tmp_path / "pack/sitting/solution.py").is_file()
    left = [path for path in (tmp_path / "pack").rglob("*") if path.is_file()]
    texts = [path.read_text() for path in left if path.suffix in (".py", ".md", ".toml")]
    assert not [text for text in texts if "ledger" in text.casefold()]


def test_the_tutorial_writes_every_file_of_the_problem():
    written = {path for path, _ in steps() if path}
    assert len(written) == 15
    assert {path.split("/")[0] for path in written} == {"problems", "solutions_template"}
