from __future__ import annotations

import json
import sqlite3


def test_export(started):
    attempt = started.json("status")["attempt"]
    started("test")
    assert started("attempts", "export", attempt) == 0
    assert [event["kind"] for event in json.loads(started.out)["events"]][:2] == [
        "created",
        "tested",
    ]


def test_backup(started, tmp_path):
    assert started("attempts", "backup", str(tmp_path / "copy.db")) == 0
    connection = sqlite3.connect(tmp_path / "copy.db")
    assert connection.execute("SELECT count(*) FROM attempts").fetchone() == (1,)
    connection.close()
    assert started("attempts", "backup", str(tmp_path / "copy.db")) == 2
    (hint,) = [line for line in started.err.splitlines() if line.startswith("hint: harness ")]
    assert started(*hint.removeprefix("hint: harness ").split()) == 0
    assert (tmp_path / "copy-2.db").exists()


def test_alone_shows_its_commands(shell):
    assert shell("attempts") == 0
    assert "export" in shell.out
    assert "backup" in shell.out
