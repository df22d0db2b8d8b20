from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

CAMPAIGN = Path(__file__).with_name("crash_campaign.py")


def test_a_killed_writer_loses_nothing_that_was_confirmed():
    done = subprocess.run(
        [sys.executable, str(CAMPAIGN), "--kills", "40"], capture_output=True, text=True
    )
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert told["confirmed"] > 0
    assert done.returncode == 0
