from __future__ import annotations

import tempfile

from harness.bench import MEASURES


def test_every_measure_can_be_taken(shell, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # others look for what is left in /tmp
    rows = shell.json("bench", "--runs", "1")
    assert [row["name"] for row in rows] == list(MEASURES)
    assert all(row["figure"] > 0 for row in rows)


def test_a_line_for_each(shell, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert shell("bench", "--runs", "1", "help") == 0
    assert shell.out.startswith("harness --help ")
    assert "× of python -c 'import click'  (target: at most 2 ×)\n" in shell.out


def test_unknown_names_are_refused(shell):
    assert shell("bench", "sumbit") == 2
    assert "choose from submit" in shell.err
