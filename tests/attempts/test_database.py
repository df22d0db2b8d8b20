from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from harness.attempts import AttemptStore
from harness.attempts.database import Database, explain_errors
from harness.errors import StateError
from harness.model.attempt import Mode
from harness.model.judgement import Feedback, Suite

NEVER_CHANGED = ("attempts", "events", "blobs", "snapshots", "snapshot_files")


def connect(home) -> sqlite3.Connection:
    return sqlite3.connect(home / "attempts.db", isolation_level=None)


def test_the_file_is_durable_and_private(home, store):
    assert store._database._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._database._connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert store._database._connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert home.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("table", NEVER_CHANGED)
def test_nothing_recorded_can_be_changed_or_removed(home, store, begin, table):
    begin()
    connection = connect(home)
    column = connection.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchone()[0]
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    connection.close()


def test_every_table_refuses_changes(home, store):
    connection = connect(home)
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    connection.close()
    assert {name for (name,) in tables} == set(NEVER_CHANGED)


def test_a_changed_event_is_found_and_hides_no_other_attempt(home, store, begin):
    broken, sound = begin(), begin()
    connection = connect(home)
    connection.execute("DROP TRIGGER events_refuse_update")
    connection.execute(
        "UPDATE events SET data = replace(data, '\"minutes\":90', '\"minutes\":99') "
        "WHERE attempt = ?",
        (broken,),
    )
    connection.close()
    with pytest.raises(StateError, match=f"Event 1 of attempt {broken}"):
        store.state(broken)
    assert [state.id for state in store.all()] == [sound]
    assert [broken in error.message for error in store.all_and_damaged()[1]] == [True]


def test_a_lost_snapshot_is_found(home, store, begin, snap):
    store.submit(begin(), snap("mine"))
    connection = connect(home)
    connection.execute("DROP TRIGGER blobs_refuse_update")
    connection.execute("UPDATE blobs SET zlib = x'00'")
    connection.close()
    with pytest.raises(StateError, match="missing from the record of attempts, or damaged"):
        store.snapshot(snap("mine").hash)
    with pytest.raises(StateError, match=f"snapshot {'0' * 12} is missing"):
        store.snapshot("0" * 64)


def test_a_database_of_a_newer_version_is_left_alone(home, store, clock):
    store.close()
    connection = connect(home)
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    before = (home / "attempts.db").read_bytes()
    with pytest.raises(StateError, match="written by a newer harness: its format is 7") as caught:
        AttemptStore.open(home, clock)
    assert caught.value.hint == "pip install --upgrade progressive-harness"
    assert (home / "attempts.db").read_bytes() == before


def test_a_file_that_is_no_database(home, clock):
    home.mkdir()
    (home / "attempts.db").write_bytes(b"what is this" * 1000)
    with pytest.raises(StateError, match="is damaged") as caught:
        AttemptStore.open(home, clock)
    assert f"mkdir {home}/damaged && mv {home}/attempts.db* {home}/damaged" in caught.value.hint


def test_a_database_with_a_damaged_middle(home, store, begin, clock):
    attempt = begin()
    store.close()
    file = home / "attempts.db"
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    with (
        pytest.raises(StateError, match="is damaged"),
        AttemptStore.open(home, clock) as store,
    ):
        store.state(attempt)


def test_a_home_that_is_a_file(tmp_path, clock):
    (tmp_path / "home").write_text("")
    with pytest.raises(StateError, match="cannot be used"):
        AttemptStore.open(tmp_path / "home", clock)


def test_a_home_where_nothing_can_be_made(ordinary_user, clock):
    ordinary_user.chmod(0o500)
    with pytest.raises(StateError, match="cannot be written") as caught:
        AttemptStore.open(ordinary_user / "home", clock)
    assert "HARNESS_HOME" in caught.value.hint


def test_an_empty_home_that_is_read_only(ordinary_user, clock):
    ordinary_user.chmod(0o500)
    with pytest.raises(StateError, match="cannot be written"):
        AttemptStore.open(ordinary_user, clock)


def test_a_read_only_record(ordinary_user, clock, problem, snap):
    arguments = (problem, Mode.EXAM, Feedback.FULL, 90, Path("/w"), "7", snap("x"))
    with AttemptStore.open(ordinary_user, clock) as store:
        store.create(*arguments)
    (ordinary_user / "attempts.db").chmod(0o400)
    ordinary_user.chmod(0o500)
    with (
        pytest.raises(StateError, match="cannot be written") as caught,
        AttemptStore.open(ordinary_user, clock) as store,
    ):
        store.create(*arguments)
    assert str(ordinary_user) in caught.value.hint


def test_a_full_disk_loses_nothing_recorded(store, begin, snap):
    attempt = begin()
    before = store.state(attempt)
    connection = store._database._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    incompressible = random.Random(1).randbytes(200_000).hex()
    with pytest.raises(StateError, match="The disk is full: nothing was recorded") as caught:
        store.submit(attempt, snap(incompressible))
    assert "df -h" in caught.value.hint
    assert store.state(attempt) == before
    connection.execute("PRAGMA max_page_count = 1000000")
    assert store.submit(attempt, snap("mine")).submissions == 1


def test_an_expired_exam_can_be_read_on_a_full_disk(store, clock, begin):
    attempt = begin(Mode.EXAM)
    connection = store._database._connection
    connection.execute("PRAGMA query_only = ON")
    clock.advance(minutes=91)
    assert not store.state(attempt).is_open
    connection.execute("PRAGMA query_only = OFF")


def test_a_writer_that_never_ends_is_reported(home, store, begin, snap):
    attempt = begin()
    store._database._connection.execute("PRAGMA busy_timeout = 50")
    other = connect(home)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StateError, match="Another harness has been writing") as caught:
        store.submit(attempt, snap("mine"))
    assert "the same command again" in caught.value.hint
    other.close()
    assert store.submit(attempt, snap("mine")).submissions == 1


@pytest.mark.parametrize(
    ("number", "message"),
    [(28, "disk is full"), (30, "cannot be written"), (13, "cannot be written"), (5, "be used")],
)
def test_what_the_system_says_becomes_what_to_do(number, message):
    with (
        pytest.raises(StateError, match=message) as caught,
        explain_errors(Path("/h o/attempts.db")),
    ):
        raise OSError(number, "said the system")
    assert "'/h o'" in caught.value.hint


def test_a_failing_block_changes_nothing(tmp_path):
    database = Database.open(tmp_path / "attempts.db")

    def interrupted():
        with database.writing() as connection:
            connection.execute("INSERT INTO attempts (id) VALUES ('abc234')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM attempts").fetchone() == (0,)
    database.close()


def test_threads_may_share_a_store(store, begin, snap, judge):
    attempt = begin()
    visible = judge(suite=Suite.VISIBLE)
    threads = [
        threading.Thread(target=store.tested, args=(attempt, snap(str(n)), visible))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.state(attempt).levels[0].test_runs == 8


WRITER = """
import sys
from pathlib import Path
from harness.attempts import AttemptStore
from harness.model.problem import Snapshot
home, attempt, name = sys.argv[1:]
with AttemptStore.open(Path(home)) as store:
    for number in range(15):
        store.saved(attempt, Snapshot(files={name: b"%d" % number}), "test")
"""


def test_processes_that_write_at_once_lose_nothing(home, begin, store):
    attempt = begin()
    command = [sys.executable, "-c", WRITER, str(home), attempt]
    writers = [subprocess.Popen([*command, f"{name}.py"]) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    events = store.events(attempt)
    assert [event.seq for event in events] == list(range(1, 47))
    assert len({event.data["snapshot"] for event in events[1:]}) == 45


OPENER = """
import sys
from pathlib import Path
from harness.attempts import AttemptStore
AttemptStore.open(Path(sys.argv[1])).close()
"""


def test_processes_that_make_the_record_at_once(home):
    openers = [subprocess.Popen([sys.executable, "-c", OPENER, str(home)]) for _ in range(4)]
    assert [opener.wait() for opener in openers] == [0] * 4
