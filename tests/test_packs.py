"""Packs and plugins of other people, installed by pip into a venv, offline."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.authoring.packing import build_pack

TESTS = Path(__file__).parent
Harness = Callable[..., Any]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a venv with the sample pack, the sample plugin, and a sealed pack."""
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True
    )
    python = folder / "venv" / "bin" / "python"
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    # What the tool depends on, and the tool itself, as they are here.
    lines = [sysconfig.get_path("purelib"), str(TESTS.parent)]
    (site / "developer.pth").write_text("\n".join(lines) + "\n")
    sources = []
    for name in ("sample_pack", "sample_plugin"):
        ignored = shutil.ignore_patterns("__pycache__")
        sources.append(shutil.copytree(TESTS / name, folder / name, ignore=ignored))
    sources.append(build_pack(bells(folder / "bells"), folder / "dist", sealed=True).wheel)
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    command += ["--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    done = subprocess.run([*command, *map(str, sources)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return python


def bells(folder: Path) -> Path:
    """The problem of the sample pack under another name, in a pack that has no code."""
    original = TESTS / "sample_pack" / "harness_sample_pack"
    for name in ("problems", "solutions_template"):
        shutil.copytree(original / name / "light_switch", folder / name / "door_bell")
    manifest = folder / "problems" / "door_bell" / "problem.toml"
    manifest.write_text(manifest.read_text().replace('"light_switch"', '"door_bell"'))
    return folder


def test_a_sealed_pack_takes_the_place_of_the_open_one_and_back(tmp_path: Path) -> None:
    """As pip sees it: another version, so it is not "installed already"."""
    pack, site = bells(tmp_path / "bells"), tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(site)], check=True)
    command = [sys.executable, "-m", "pip", "--python", str(site / "bin" / "python"), "install"]
    command += ["--quiet", "--no-index", "--no-deps", "--disable-pip-version-check"]
    for sealed in (False, True, False):
        wheel = build_pack(pack, tmp_path / "dist", sealed=sealed).wheel
        subprocess.run([*command, str(wheel)], check=True, timeout=120)
        (seals, suites) = (list(site.rglob(name)) for name in ("sealed.zip", "test_hidden.py"))
        assert (len(seals), len(suites)) == ((1, 0) if sealed else (0, 2))
        assert len(list(site.rglob("harness_pack_bells-*.dist-info"))) == 1


@pytest.fixture
def harness(python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Harness:
    """Runs a command of the venv with ``--json``; gives what it printed, its errors, its code."""
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HARNESS_WORKSPACES", str(tmp_path / "work"))
    monkeypatch.setenv("SAMPLE_PLUGIN_LOG", str(tmp_path / "log.txt"))

    def run(*arguments: str, folder: Path = tmp_path) -> tuple[Any, str, int]:
        done = subprocess.run(
            [str(python), "-m", "harness", *arguments, "--json"],
            cwd=folder,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        return (json.loads(done.stdout) if done.stdout else None), done.stderr, done.returncode

    return run


def listed(document: Any) -> dict[str, Any]:
    return {line["slug"]: line for line in document["problems"]}


def test_problems_of_installed_packs_are_listed_and_no_code_of_theirs_is_run(
    harness: Harness,
) -> None:
    document, errors, code = harness("list")
    problems = listed(document)
    assert code == 0
    assert not problems["light_switch"]["error"]
    assert not problems["door_bell"]["error"]
    assert "kv_store" in problems
    assert "was run" not in errors
    # A pack that promises what it does not have is told of, and harms nothing else.
    assert "The plugin 'gone' offers a missing pack" in errors
    assert "sample_problem" in problems  # from the sample plugin, which is installed, too


def test_packs_have_the_names_of_their_entry_points(harness: Harness) -> None:
    document, _, _ = harness("doctor")
    packs = {finding["name"]: finding["value"] for finding in document["packs"]}
    assert packs["sample"].endswith("harness_sample_pack: light_switch")
    assert packs["harness_pack_bells"].endswith("harness_pack_bells: door_bell")


@pytest.mark.parametrize("slug", ["light_switch", "door_bell"])
def test_a_problem_of_a_pack_is_rehearsed_from_start_to_end(
    harness: Harness, tmp_path: Path, slug: str
) -> None:
    assert harness("start", slug)[2] == 0
    workspace = tmp_path / "work" / slug
    assert harness("submit", folder=workspace)[2] == 1  # the skeleton
    reference = TESTS / "sample_pack/harness_sample_pack/problems/light_switch/reference"
    for level in (1, 2):
        solution = reference / f"level{level}" / "solution.py"
        shutil.copy(solution, workspace / "solution.py")
        submitted, errors, code = harness("submit", folder=workspace)
        assert code == 0, errors
    assert submitted["judgement"]["verdict"] == "accepted"
    assert "presses()" in (workspace / "statements" / "level2.md").read_text()
    report, errors, code = harness("report", folder=workspace)
    assert code == 0, errors
    assert "keeps only whether the lamp is on" in json.dumps(report)


def test_a_sealed_problem_is_nowhere_in_plain_text_but_what_the_judge_needs(
    harness: Harness, tmp_path: Path
) -> None:
    assert harness("start", "door_bell")[2] == 0
    below = [p for p in tmp_path.rglob("*") if p.is_file() and b"presses" in p.read_bytes()]
    names = {path.name for path in below}
    assert names <= {"test_hidden.py", "test_visible.py"}
    assert not [path for path in below if path.is_relative_to(tmp_path / "work")]


def test_a_problem_that_two_packs_have_is_an_error_that_names_both(
    harness: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = bells(tmp_path / "own")
    monkeypatch.setenv("HARNESS_PACKS", str(own))
    document, _, _ = harness("list")
    assert "More than one pack has a problem 'door_bell'" in listed(document)["door_bell"]["error"]
    assert not listed(document)["light_switch"]["error"]
    document, _, code = harness("start", "door_bell")
    assert code == 4
    assert str(own / "problems" / "door_bell") in document["error"]["message"]
    assert "harness_pack_bells" in document["error"]["message"]
