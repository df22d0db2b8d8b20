"""A record with a damaged page: what is left of it can be read, copied and replaced."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.attempts import AttemptStore
from harness.errors import RequestError, StateError
from harness.model.judgement import Suite

PAGE = 4096
ROUNDS = 10
EVENTS = 2 * ROUNDS + 1


@pytest.fixture
def rich(store, begin, snap, judge) -> list[str]:
    """Three attempts whose events and files fill many pages."""
    attempts = [begin() for _ in range(3)]
    for number in range(ROUNDS):
        for attempt in attempts:
            noise = random.Random(f"{attempt}{number}").randbytes(3000).hex()
            store.submit(attempt, snap(noise))
            store.judged(attempt, snap(noise).hash, judge([1], failing=[1]))
    store.tested(attempts[0], snap("t"), judge(suite=Suite.VISIBLE))
    return attempts


def pages(file: Path) -> list[int]:
    """Return the numbers of all pages but the first, without SQLite's help."""
    return list(range(2, file.stat().st_size // PAGE + 1))


def break_page(file: Path, number: int) -> None:
    with file.open("r+b") as handle:
        handle.seek((number - 1) * PAGE)
        handle.write(b"\xff" * PAGE)


Reopen = Callable[[], AttemptStore]


@pytest.fixture
def reopen(home, clock, request) -> Reopen:
    def reopen() -> AttemptStore:
        store = AttemptStore.open(home, clock)
        request.addfinalizer(store.close)
        return store

    return reopen


def test_a_sound_record_has_no_problems(store, rich):
    found = store.inspect()
    assert found.problems == ()
    assert (found.attempts, found.events) == (3, 3 * EVENTS + 1)


def test_whatever_page_is_damaged_it_is_reported_and_the_rest_can_be_exported(
    home, store, rich, reopen, tmp_path
):
    sound = {attempt: store.export(attempt) for attempt in rich}
    store.close()
    file = home / "attempts.db"
    content = file.read_bytes()
    whole_exports = 0
    for number in pages(file)[:: max(1, len(pages(file)) // 40)]:
        file.write_bytes(content)
        break_page(file, number)
        store = reopen()
        found = store.inspect()
        assert found.problems, f"page {number} was broken, and nobody noticed"
        target = tmp_path / f"copy-{number}.db"
        store.backup(target)
        assert target.stat().st_size == len(content)
        for attempt in rich:
            if any("list of attempts" in problem for problem in found.problems):
                with pytest.raises(StateError, match="is damaged") as caught:
                    store.export(attempt)
                assert str(file) in caught.value.message
                assert "harness attempts verify" in caught.value.hint
                continue
            exported = store.export(attempt)
            problems = exported["problems"]
            assert problems or exported == sound[attempt]
            whole_exports += not problems
        store.close()
    assert whole_exports > 40


def test_events_on_both_sides_of_a_damaged_page_are_exported(home, store, rich, reopen):
    store.close()
    file = home / "attempts.db"
    reached = 0
    content = file.read_bytes()
    for number in pages(file):
        page = content[(number - 1) * PAGE : number * PAGE]
        if page[:1] != b"\x0a" or page.count(b'"boottime"') < 3:
            continue  # no leaf of the table of events
        file.write_bytes(content)
        break_page(file, number)
        store = reopen()
        for attempt in rich:
            seqs = [event["seq"] for event in store.export(attempt)["events"]]
            missing = set(range(1, EVENTS + 1)) - set(seqs)
            if missing and 1 in seqs and EVENTS in seqs:
                reached += 1
        store.close()
    assert reached > 0


def test_a_lost_judgement_leaves_the_others_in_the_export(home, store, rich):
    connection = sqlite3.connect(home / "attempts.db", isolation_level=None)
    connection.execute("DROP TRIGGER blobs_refuse_update")
    (record,) = connection.execute(
        "SELECT data ->> 'record' FROM events WHERE attempt = ? AND kind = 'judged' LIMIT 1",
        (rich[1],),
    ).fetchone()
    connection.execute("UPDATE blobs SET zlib = x'00' WHERE hash = ?", (record,))
    connection.close()
    exported = store.export(rich[1])
    judged = [event["judgement"] for event in exported["events"] if event["kind"] == "judged"]
    assert None in judged
    assert "judgement of event 3" in exported["problems"][0]
    assert store.inspect().problems


def test_a_changed_event_is_exported_as_it_is_and_named(home, store, rich):
    connection = sqlite3.connect(home / "attempts.db", isolation_level=None)
    connection.execute("DROP TRIGGER events_refuse_update")
    connection.execute("UPDATE events SET data = '{' WHERE attempt = ? AND seq = 4", (rich[0],))
    connection.close()
    exported = store.export(rich[0])
    assert len(exported["events"]) == EVENTS + 1
    assert exported["events"][3]["data"] == "{"
    assert "Event 4" in exported["problems"][0]
    assert store.export(rich[1])["problems"] == []
    assert ["Event 4" in problem for problem in store.inspect().problems] == [True]


def test_a_backup_is_restored_and_the_record_of_now_is_kept(home, store, begin, snap, tmp_path):
    attempt = begin()
    store.submit(attempt, snap("before"))
    store.backup(tmp_path / "backup.db")
    store.submit(attempt, snap("after"))
    kept = store.restore(tmp_path / "backup.db")
    assert store.state(attempt).submissions == 1
    store.submit(attempt, snap("once more"))
    assert store._database._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store.restore(kept) != kept
    assert store.state(attempt).submissions == 2
    assert store.snapshot(snap("after").hash) == snap("after")
    assert store.inspect().problems == ()


def test_a_backup_is_restored_over_a_damaged_record(home, store, rich, reopen, tmp_path):
    store.backup(tmp_path / "backup.db")
    sound = store.export(rich[0])
    store.close()
    for number in (2, 3, 5, 9, 20):
        break_page(home / "attempts.db", number)
    store = reopen()
    assert store.inspect().problems
    store.restore(tmp_path / "backup.db")
    assert store.inspect().problems == ()
    assert store.export(rich[0]) == sound


def test_another_process_sees_the_restored_record(store, begin, snap, reopen, tmp_path):
    attempt = begin()
    store.backup(tmp_path / "backup.db")
    other = reopen()
    other.submit(attempt, snap("x"))
    store.restore(tmp_path / "backup.db")
    assert other.state(attempt).submissions == 0
    assert other.submit(attempt, snap("y")).submissions == 1
    assert store.state(attempt).submissions == 1


def test_what_is_no_sound_backup_is_refused(home, store, rich, tmp_path):
    before = store.export(rich[0])
    file = tmp_path / "backup.db"
    with pytest.raises(RequestError, match="There is no file"):
        store.restore(file)
    file.write_bytes(b"what is this" * 1000)
    with pytest.raises(RequestError, match="is not a backup of a record"):
        store.restore(file)
    file.unlink()
    sqlite3.connect(file).close()
    with pytest.raises(RequestError, match="is not a backup of a record"):
        store.restore(file)
    file.unlink()
    store.backup(file)
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    with pytest.raises(RequestError, match="written by a newer harness"):
        store.restore(file)
    file.unlink()
    store.backup(file)
    break_page(file, pages(file)[-1])
    with pytest.raises(RequestError, match="is damaged, and nothing was changed"):
        store.restore(file)
    assert store.export(rich[0]) == before
    assert list(home.glob("*.replaced-*")) == []


def test_an_export_without_judgements_has_none(store, rich):
    exported = store.export(rich[0], judgements=False)
    assert all("judgement" not in event for event in exported["events"])
