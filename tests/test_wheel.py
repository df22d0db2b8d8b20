"""The built wheel carries everything: in a clean venv, it rehearses without the checkout."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(CHECKOUT)], check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_every_bound_of_the_build_backend_is_one_that_can_build_this():
    """A list of licence files (PEP 639) is read from hatchling 1.27 on; with 1.26 it fails."""
    text = (CHECKOUT / "pyproject.toml").read_text("utf-8")
    assert isinstance(tomllib.loads(text)["project"]["license-files"], list)
    assert set(re.findall(r"hatchling>=([\d.]+)", text)) == {"1.27"}


def test_the_wheel_holds_problems_templates_and_guest(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for wanted in (
        "harness/_pack/problems/kv_store/level4/test_hidden.py",
        "harness/_pack/problems/kv_store/editorial.md",
        "harness/_pack/solutions_template/kv_store/solution.py",
        "harness/guest/zygote.py",
        "harness/_image/Dockerfile",
        "harness/py.typed",
    ):
        assert wanted in names
    assert not [name for name in names if name.startswith("tests/") or "__pycache__" in name]


def test_rehearsal_from_a_clean_venv_outside_of_the_checkout(wheel, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    scripts = tmp_path / "venv" / "bin"
    subprocess.run([str(scripts / "pip"), "install", "-q", str(wheel)], check=True)
    # No HOME or PATH of ours, so that nothing of the developer's environment can help.
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        **{name: value for name, value in os.environ.items() if name.startswith("LD_LIBRARY")},
    }

    def harness(*arguments: str, folder: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(scripts / "harness"), *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    started = harness("start", "task_scheduler", "--json")
    assert started.returncode == 0, started.stderr
    workspace = tmp_path / "harness" / "task_scheduler"
    assert harness("submit", folder=workspace).returncode == 1  # the skeleton
    reference = next((tmp_path / "venv").rglob("_pack/problems/task_scheduler/reference/level1"))
    (workspace / "solution.py").write_bytes((reference / "solution.py").read_bytes())
    submitted = harness("submit", "--json", folder=workspace)
    assert submitted.returncode == 0, submitted.stdout + submitted.stderr
    assert json.loads(submitted.stdout)["opened"] == 2
    assert (workspace / "statements" / "level2.md").is_file()
