from __future__ import annotations

import pytest


def test_pause_and_resume(started):
    assert started("pause") == 0
    assert started.out.startswith("Paused. The clock: 29:5")
    assert "Next: harness resume" in started.out
    assert started("test") == 2
    assert "hint: harness resume" in started.err
    assert started("resume") == 0
    assert started.out.startswith("Resumed. The clock: 29:5")


def test_extend(started):
    assert started("extend", "15") == 0
    assert started.out.startswith("Added 15 minutes. The clock: 44:5")


@pytest.mark.parametrize("minutes", ["0", "-5", "601", "many"])
def test_extend_by_nonsense(started, minutes):
    assert started("extend", "--", minutes) == 2
    assert "MINUTES" in started.err


@pytest.mark.parametrize("command", [["pause"], ["extend", "5"]])
def test_an_exam_has_neither(shell, command):
    shell("start", "steps", "--mode", "exam")
    shell.cd(shell.work / "steps")
    assert shell(*command) == 2
    assert "exam" in shell.err


def test_json(started):
    assert started.json("pause")["paused"] is True
    assert started.json("resume")["paused"] is False
    assert started.json("extend", "1")["allowed_seconds"] == 31 * 60
