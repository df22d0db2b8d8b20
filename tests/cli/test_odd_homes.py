"""A record under a path with characters that shells, URIs and SQL take for their own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

ODD = [
    'with space, quote\'s and "double"',
    "100%25 ?mode=memory&x#y",
    "semi;colon $HOME `x` *\nline",
    "Ünïcode 字 🙂",
    ":memory:",
    os.fsdecode(b"caf\xe9"),
]


@pytest.mark.parametrize("name", ODD)
def test_a_home_with_an_odd_name(shell, tmp_path, monkeypatch, first, name):
    home = tmp_path / name
    monkeypatch.setenv("HARNESS_HOME", str(home))
    assert shell("start", "steps") == 0, shell.err
    shell.cd(shell.work / "steps")
    shell.write(first)
    assert shell("submit") == 0, shell.err
    assert shell.json("status")["level"] == 2
    assert (home / "attempts.db").is_file()
    copy = home / "a copy.db"
    # As real processes: only those see to it that any terminal can show any name.
    for words in (["backup", str(copy)], ["restore", str(copy), "--yes"]):
        command = [sys.executable, "-m", "harness", "attempts", *words]
        done = subprocess.run(command, capture_output=True)
        assert done.returncode == 0, done.stderr
    assert shell("attempts", "verify") == 0
    assert shell.json("status")["submissions"] == 1
