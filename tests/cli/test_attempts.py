from __future__ import annotations

import json
import sqlite3
import subprocess


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


def damage(shell):
    """Change an event behind the record's back."""
    connection = sqlite3.connect(shell.home / "attempts.db", isolation_level=None)
    connection.execute("DROP TRIGGER events_refuse_update")
    connection.execute("UPDATE events SET kind = 'paused' WHERE seq = 2")
    connection.close()


def test_verify(started):
    assert started("attempts", "verify") == 0
    assert started.out == "No damage found: 1 attempt, 1 event.\n"
    assert started.json("attempts", "verify") == {"attempts": 1, "events": 1, "problems": []}


def test_a_damaged_record_is_verified_exported_and_brought_back(started, tmp_path):
    attempt = started.json("status")["attempt"]
    copy = tmp_path / "copy of it.db"
    started("test")
    assert started("attempts", "backup", str(copy)) == 0
    damage(started)
    assert started("status") == 3
    assert started("attempts", "verify") == 3
    assert f"Damaged: {started.home / 'attempts.db'}" in started.out
    assert "Event 2" in started.out
    assert "harness attempts restore FILE" in started.out
    assert started("attempts", "export", attempt) == 3
    assert "the record is damaged" in started.err
    exported = json.loads(started.out)
    assert [event["kind"] for event in exported["events"]] == ["created", "paused"]
    assert exported["problems"]
    assert started("attempts", "restore", str(copy)) == 2
    assert f"hint: harness attempts restore '{copy}' --yes" in started.err
    assert started("attempts", "restore", str(copy), "--yes") == 0
    assert "attempts.db.replaced-1" in started.out
    assert started("status") == 0
    assert started("attempts", "verify") == 0


def test_the_hint_to_put_a_record_aside_can_be_typed(started):
    file = started.home / "attempts.db"
    file.write_bytes(b"what is this" * 1000)
    assert started("history") == 3
    command = started.err.partition("hint: ")[2].partition("  # ")[0]
    assert subprocess.run(["sh", "-c", command], check=True).returncode == 0
    assert started("history") == 0
    assert (started.home / "damaged" / "attempts.db").exists()
