"""The fuzzer in a time box: a verdict in time whatever the guest sends, in bounded memory.

HARNESS_FUZZ_SECONDS and HARNESS_FUZZ_SEED make it longer, or repeat it. The fixed hostile guests
are in tests/judge/test_hostile_guest.py.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

PEER = Path(__file__).parent / "peer.py"
LATEST_SECONDS = 10.0
"""What no round may be late, however busy the machine; hardly one may be late by a second."""
MOST_PEAK_KB = 400 * 1024


def test_the_judge_answers_in_time_whatever_the_guest_sends(capsys):
    seconds = float(os.environ.get("HARNESS_FUZZ_SECONDS", "4"))
    seed = int(os.environ.get("HARNESS_FUZZ_SEED", random.randrange(2**32)))
    command = [sys.executable, str(PEER), str(seconds), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    assert done.returncode == 0, f"seed {seed}\n{done.stderr[-3000:]}"
    report = json.loads(done.stdout)
    with capsys.disabled():
        print(f"\nhostile peer: {done.stdout.strip()}")
    assert done.stderr == ""
    assert report["rounds"] >= seconds
    assert {"runtime_error", "time_limit"} <= set(report["ends"])
    assert report["latest"] < LATEST_SECONDS, report
    assert report["late_rounds"] <= 1 + report["rounds"] // 1000, report
    assert report["peak_kb"] < MOST_PEAK_KB, report
    assert report["threads"] == 1, report
