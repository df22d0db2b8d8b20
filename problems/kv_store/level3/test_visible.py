import pytest
from solution import KVStore, UnknownBackup


def test_a_field_expires():
    """A field is there until its time is over"""
    store = KVStore()
    store.set("a", "1", ttl=5, timestamp=10)
    assert store.get("a", timestamp=14) == "1"
    assert store.get("a", timestamp=15) is None


def test_without_a_timestamp_the_clock_stands():
    """A call without a timestamp happens at the time the clock shows"""
    store = KVStore()
    store.set_field("a", "f", "1", ttl=5, timestamp=10)
    assert store.count() == 1
    assert store.scan("", timestamp=20) == []
    assert store.count() == 0


def test_a_write_sets_the_expiry_anew():
    """A write without a time to live makes a field permanent"""
    store = KVStore()
    store.set("a", "1", ttl=5, timestamp=10)
    store.set("a", "2", timestamp=12)
    assert store.get("a", timestamp=1000) == "2"


def test_restore_replaces_the_content():
    """A restored backup replaces the whole content"""
    store = KVStore()
    store.set("a", "1")
    assert store.backup() == 1
    store.set("a", "2")
    store.set("b", "3")
    assert store.restore(1) == 1
    assert store.scan("") == [("a", {"value": "1"})]


def test_restore_gives_the_time_that_was_left():
    """A restored field has the time left that it had at the backup"""
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    store.backup(timestamp=7)
    store.restore(1, timestamp=100)
    assert store.get("a", timestamp=102) == "1"
    assert store.get("a", timestamp=103) is None


def test_unknown_backup():
    """Restoring a backup that was never made raises UnknownBackup"""
    store = KVStore()
    store.backup()
    with pytest.raises(UnknownBackup):
        store.restore(2)
