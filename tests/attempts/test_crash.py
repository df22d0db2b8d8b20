from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

CAMPAIGN = Path(__file__).with_name("boundary_campaign.py")


def test_a_change_that_is_killed_at_any_statement_or_write_is_made_whole_or_not_at_all():
    done = subprocess.run([sys.executable, str(CAMPAIGN)], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert told["kills"] >= 300
    assert min(told["at a statement"], told["in a statement"], told["in a write"]) > 0
