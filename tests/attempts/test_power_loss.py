"""What is on the disk after a power cut: all that was confirmed, and nothing by halves.

SQLite flushes the log (WAL) before a commit returns, and the database before the log is begun anew.
So after a cut the disk holds everything up to the last flush, and any part of what was written
since: these tests make such disks, and worse ones, where flushed parts are missing after all.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.attempts import AttemptStore
from harness.model.attempt import Mode
from harness.model.judgement import Feedback

PAGE = 4096


class Disk:
    """The files of a record, just after a change was confirmed; no dataclass, to print short."""

    def __init__(self, database: bytes, log: bytes, chain: tuple[str, ...]) -> None:
        self.database, self.log = database, log
        self.chain = chain
        """The hashes of all events."""


def read_disk(home: Path, chain: tuple[str, ...]) -> Disk:
    database, log = home / "attempts.db", home / "attempts.db-wal"
    return Disk(database.read_bytes(), log.read_bytes(), chain)


def chain_of(store: AttemptStore) -> tuple[str, ...]:
    return tuple(event.hash for state in store.all() for event in store.events(state.id))


@pytest.fixture(scope="module")
def sitting(tmp_path_factory, new_clock, new_problem, snap, judge) -> list[Disk]:
    """The disk after each change; before the last third the log is begun anew."""
    home = tmp_path_factory.mktemp("power") / "home"
    clock = new_clock()
    disks: list[Disk] = []
    with AttemptStore.open(home, clock) as store:

        def keep(_: object) -> None:
            disks.append(read_disk(home, chain_of(store)))

        state = store.create(new_problem(), Mode.EXAM, Feedback.FULL, 90, home, "1", snap("pass"))
        keep(state)
        for number in range(9):
            if number == 6:
                connection = store._database._connection
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
                keep(None)
            clock.advance(10)
            text = random.Random(number).randbytes(4000).hex()
            keep(store.submit(state.id, snap(text)))
            keep(store.judged(state.id, snap(text).hash, judge([1], failing=[1])))
    return disks


def checkpoint_of(sitting: list[Disk]) -> int:
    """Return the number of the disk on which the log had just been taken into the database."""
    return next(n for n in range(1, len(sitting)) if sitting[n].chain == sitting[n - 1].chain)


def wake_up(database: bytes, log: bytes, clock) -> tuple[str, ...]:
    """Return what a record with these files holds, after checking that it is whole."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "attempts.db").write_bytes(database)
        (home / "attempts.db-wal").write_bytes(log)
        with AttemptStore.open(home, clock) as store:
            assert store.inspect().problems == ()
            return chain_of(store)


CUTS = st.floats(0, 1)
JUNK = st.sampled_from(["missing", "zeros", "noise"])


def torn(before: bytes, after: bytes, cut: float, junk: str) -> bytes:
    """Return ``before`` with a part of what was to be written over and behind it."""
    first = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    begin = len(before) if first is None else first
    end = begin + round(cut * (len(after) - begin))
    rest = max(len(after), len(before)) - end
    tail = {
        "missing": before[end:],
        "zeros": bytes(rest),
        "noise": random.Random(end).randbytes(rest),
    }[junk]
    return after[:end] + tail


@settings(max_examples=60, deadline=None)
@given(which=st.integers(0, 10_000), cut=CUTS, junk=JUNK)
def test_a_cut_during_a_change_leaves_it_whole_or_undone(sitting, new_clock, which, cut, junk):
    number = which % (len(sitting) - 1)
    before, after = sitting[number], sitting[number + 1]
    # What was flushed stays: noise can only be where nothing had been flushed before.
    if junk == "noise" and len(after.log) <= len(before.log):
        junk = "missing"
    found = wake_up(before.database, torn(before.log, after.log, cut, junk), new_clock())
    assert found in (before.chain, after.chain)


@settings(max_examples=40, deadline=None)
@given(chosen=st.integers(0, 2**64))
def test_a_cut_while_the_log_is_taken_into_the_database_loses_nothing(sitting, new_clock, chosen):
    number = checkpoint_of(sitting)
    before, after = sitting[number - 1], sitting[number]
    assert before.database != after.database
    pages = range(0, len(after.database), PAGE)
    mixed = b"".join(
        (after if chosen >> (n % 64) & 1 else before).database[at : at + PAGE]
        for n, at in enumerate(pages)
    )
    assert wake_up(mixed, before.log, new_clock()) == before.chain


@settings(max_examples=60, deadline=None)
@given(which=st.integers(0, 10_000), cut=CUTS)
def test_a_disk_that_forgets_what_it_flushed_still_leaves_a_whole_beginning(
    sitting, new_clock, which, cut
):
    # Once the log was taken into the database, an older part of it must not come back alone.
    disk = sitting[which % checkpoint_of(sitting)]
    found = wake_up(disk.database, disk.log[: round(cut * len(disk.log))], new_clock())
    assert found == disk.chain[: len(found)]
