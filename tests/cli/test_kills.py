"""Commands that are killed. More of the real ones: HARNESS_TEST_KILLS=300 pytest tests/cli."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CAMPAIGN = Path(__file__).with_name("kill_campaign.py")
REAL = int(os.environ.get("HARNESS_TEST_KILLS", "24"))


def run_campaign(pack: Path, stride: int, real: int) -> dict[str, object]:
    command = [sys.executable, str(CAMPAIGN), str(pack), f"--stride={stride}", f"--real={real}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    return told


def test_a_killed_command_leaves_a_record_that_holds_and_can_be_typed_again(new_pack, tmp_path):
    told = run_campaign(new_pack(tmp_path), stride=4, real=REAL)
    assert told["kills"] >= 60 + REAL
    assert told["real command"] >= REAL // 2


@pytest.mark.exhaustive
def test_the_same_at_every_statement_and_every_change_of_a_file(new_pack, tmp_path):
    assert run_campaign(new_pack(tmp_path), stride=1, real=0)["kills"] >= 300
