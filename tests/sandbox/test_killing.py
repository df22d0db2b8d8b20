"""Whichever process is killed at whatever moment, no other one of the sandbox outlives it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent / "killing.py"
MOMENTS = (0.0, 0.02, 0.05, 0.08, 0.12, 0.2, 0.4)
SECONDS = 60


def survivors(subject: str, victim: str, seconds: float, folder: Path) -> str:
    result = subprocess.run(
        [sys.executable, str(PROGRAM), subject, victim, str(seconds), str(folder)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


@pytest.mark.parametrize("seconds", MOMENTS)
def test_the_owner_of_a_sandbox_is_killed(linux_tiers, tmp_path, seconds):
    for tier in [*linux_tiers, "none"]:
        assert survivors(tier, "parent", seconds, tmp_path) == "[]", tier


@pytest.mark.parametrize("seconds", [0.0, 0.15, 0.4])
@pytest.mark.parametrize("victim", ["0", "1"])
def test_a_process_of_the_sandbox_is_killed(linux_tiers, tmp_path, victim, seconds):
    # At once after its start a sandbox has no process yet that could be killed: one is awaited.
    # In the full tier 0 is the launcher and 1 the zygote; elsewhere the zygote is the first.
    victims = {tier: victim if tier == "full" else "0" for tier in [*linux_tiers, "none"]}
    for tier, number in victims.items():
        assert survivors(tier, number, seconds, tmp_path) == "[]", tier


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3, 1.0])
def test_the_judges_parent_is_killed(tmp_path, seconds):
    assert survivors("judge", "parent", seconds, tmp_path) == "[]"


@pytest.mark.parametrize("seconds", [0.5, 1.0])
def test_the_judges_child_is_killed(tmp_path, seconds):
    assert survivors("judge", "0", seconds, tmp_path) == "[]"
