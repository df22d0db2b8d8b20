from __future__ import annotations

import os
import subprocess
import sys

import pytest

from harness.attempts.database import Database
from harness.errors import RequestError, StateError


def test_only_one_process_judges_an_attempt(store, begin):
    attempt = begin()
    with store.judging(attempt):
        with (
            pytest.raises(RequestError, match=f"right now by process {os.getpid()}") as caught,
            store.judging(attempt),
        ):
            pass
        assert "harness submit" in caught.value.hint
    with store.judging(attempt):
        pass


def test_two_attempts_may_be_judged_at_once(store, begin):
    with store.judging(begin()), store.judging(begin()):
        pass


def test_only_known_attempts_can_be_judged(home, store):
    with pytest.raises(RequestError, match="There is no attempt"), store.judging("../../x"):
        pass


def test_an_error_in_the_block_comes_out_as_it_is_and_releases_the_lock(store, begin):
    attempt = begin()
    with pytest.raises(FileNotFoundError, match="mine"), store.judging(attempt):
        raise FileNotFoundError("mine")
    with store.judging(attempt):
        pass


HOLDER = """
import sys
from pathlib import Path
from harness.attempts.database import Database
with Database.open(Path(sys.argv[1])).judging("abc234"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path):
    database = Database.open(tmp_path / "attempts.db")
    yield database
    database.close()


def test_a_killed_holder_leaves_no_lock_behind(database):
    command = [sys.executable, "-c", HOLDER, str(database.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(RequestError, match=f"by process {holder.pid}"),
            database.judging("abc234"),
        ):
            pass
        holder.kill()
    with database.judging("abc234"):
        pass


def test_a_holder_that_did_not_say_who_it_is(database, tmp_path):
    with database.judging("abc234"):
        (tmp_path / "locks" / "abc234.lock").write_text("rubbish")
        with (
            pytest.raises(RequestError, match="is being judged right now\\."),
            database.judging("abc234"),
        ):
            pass


def test_a_lock_is_never_taken_through_a_link(database, tmp_path):
    (tmp_path / "target").write_text("precious")
    (tmp_path / "locks" / "abc234.lock").symlink_to(tmp_path / "target")
    with pytest.raises(StateError, match="symbolic"), database.judging("abc234"):
        pass
    assert (tmp_path / "target").read_text() == "precious"
