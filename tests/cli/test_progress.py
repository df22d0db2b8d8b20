from __future__ import annotations

import subprocess
import sys

from harness.cli.invocation import Invocation
from harness.cli.progress import LiveProgress

CASES = ["level1::test_a", "level1::test_b"]


def test_nothing_is_drawn_without_a_terminal(shell, capsys):
    with LiveProgress(Invocation(), "testing") as progress:
        progress.cases_collected(CASES)
        progress.case_done(None)
    assert capsys.readouterr().out == ""


def test_counts_on_a_terminal_and_vanishes(shell, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with LiveProgress(Invocation(), "testing") as progress:
        progress.cases_collected(CASES)
        progress.case_done(None)
        progress.cases_collected(CASES)
        progress.case_done(None)
        progress.case_done(None)
    out = capsys.readouterr().out
    assert "testing" in out
    assert "1/2" in out
    assert "0/2" in out.split("1/2", 1)[1], "a second try counts from the start"
    assert out.endswith("\x1b[2K")


def test_rendering_is_loaded_while_the_judge_works():
    program = (
        "import sys\n"
        "from harness.cli.invocation import Invocation\n"
        "from harness.cli.progress import LiveProgress\n"
        "late = {'rich.table', 'harness.reports.terminal.results'}\n"
        "def loaded(): return late & set(sys.modules)\n"
        "for as_json in (True, False):\n"
        "    LiveProgress(Invocation(as_json=as_json), '').cases_collected([])\n"
        "    print(len(loaded()))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split() == ["0", "2"], done.stderr
