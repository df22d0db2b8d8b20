import pytest
from solution import KVStore, UnknownBackup


def test_field_is_gone_at_its_last_second():
    """A field is there before write time plus ttl, and gone from then on

    Rule: A field written at time `t` with a `ttl` is there before `t + ttl`, and gone from `t +
    ttl` on.
    Rule: `set` and `set_field` take an optional keyword argument `ttl: int | None = None`, in
    seconds.
    """
    store = KVStore()
    store.set_field("a", "f", "1", ttl=1, timestamp=10)
    assert store.get_field("a", "f", timestamp=10) == "1"
    assert store.get_field("a", "f", timestamp=11) is None
    store.set("b", "2", ttl=100, timestamp=20)
    assert store.get("b", timestamp=119) == "2"
    assert store.get("b", timestamp=120) is None


def test_clock_starts_at_zero():
    """The clock shows 0 at first

    Rule: The store has a clock, which shows 0 at first.
    Rule: A call without a timestamp happens at the time the clock shows.
    """
    store = KVStore()
    store.set("a", "1", ttl=3)
    assert store.get("a", timestamp=0) == "1"
    assert store.get("a", timestamp=2) == "1"
    assert store.get("a", timestamp=3) is None


def test_write_without_timestamp_expires_by_the_clock():
    """A ttl without a timestamp runs from the time the clock shows

    Rule: A call without a timestamp happens at the time the clock shows.
    Rule: A field written at time `t` with a `ttl` is there before `t + ttl`, and gone from `t +
    ttl` on.
    """
    store = KVStore()
    store.count(timestamp=50)
    store.set("a", "1", ttl=10)
    assert store.get("a", timestamp=59) == "1"
    assert store.get("a", timestamp=60) is None


def test_every_method_moves_the_clock():
    """Every method moves the clock to its timestamp

    Rule: **Every** method of the store, old or new, takes one more optional argument, `timestamp:
    int | None = None`, in seconds.
    Rule: A call with a timestamp first moves the clock forward to it.
    """
    calls = [
        lambda store: store.set("b", "1", timestamp=10),
        lambda store: store.set_field("b", "f", "1", timestamp=10),
        lambda store: store.get("b", timestamp=10),
        lambda store: store.get_field("b", "f", timestamp=10),
        lambda store: store.delete("b", timestamp=10),
        lambda store: store.delete_field("b", "f", timestamp=10),
        lambda store: store.scan("b", timestamp=10),
        lambda store: store.count(timestamp=10),
        lambda store: store.backup(timestamp=10),
    ]
    left = []
    for call in calls:
        store = KVStore()
        store.set("a", "1", ttl=10)
        call(store)
        left.append(store.get("a"))
    assert left == [None] * 9


def test_clock_does_not_go_back():
    """An earlier timestamp leaves the clock where it is

    Rule: If the clock shows that time or a later one, it stays.
    Rule: Then the call happens, at the time the clock shows.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    assert store.get("a", timestamp=20) is None
    assert store.get("a", timestamp=5) is None
    assert store.set("b", "2", ttl=10, timestamp=5) is True
    assert store.get("b", timestamp=29) == "2"
    assert store.get("b", timestamp=30) is None


def test_write_with_a_ttl_starts_anew():
    """A write with a ttl starts the time anew

    Rule: Each write sets the expiry anew, whatever it was before.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    assert store.set("a", "1", ttl=10, timestamp=6) is False
    assert store.get("a", timestamp=15) == "1"
    store.set("a", "2", ttl=2)
    assert store.get("a", timestamp=16) == "2"
    assert store.get("a", timestamp=17) is None
    store.set("b", "3", timestamp=20)
    store.set("b", "4", ttl=5, timestamp=21)
    assert store.get("b", timestamp=26) is None


def test_permanent_again_after_a_ttl():
    """A field written anew without a ttl does not expire, its neighbours do

    Rule: A write without `ttl` makes the field permanent.
    """
    store = KVStore()
    store.set_field("a", "f", "1", ttl=10, timestamp=0)
    store.set_field("a", "g", "2", ttl=10, timestamp=0)
    assert store.set_field("a", "f", "3", timestamp=9) is False
    assert store.scan("", timestamp=10) == [("a", {"f": "3"})]
    assert store.get_field("a", "f", timestamp=10**9) == "3"


def test_delete_forgets_the_expiry():
    """A key that is deleted and set again does not inherit the old expiry

    Rule: A write without `ttl` makes the field permanent.
    Rule: Without `ttl` it never expires.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    store.set_field("b", "f", "1", ttl=10, timestamp=0)
    store.delete("a", timestamp=1)
    store.delete_field("b", "f", timestamp=1)
    assert store.set("a", "2", timestamp=2) is True
    assert store.set_field("b", "f", "2", timestamp=2) is True
    assert store.get("a", timestamp=50) == "2"
    assert store.get_field("b", "f", timestamp=50) == "2"


def test_expired_field_is_new_again():
    """A field that has expired is written as a new one

    Rule: So a write adds it anew and returns `True`, and a key whose fields have all expired is not
    in the store.
    """
    store = KVStore()
    store.set("a", "1", ttl=5, timestamp=0)
    assert store.set("a", "2", ttl=5, timestamp=4) is False
    assert store.set("a", "3", timestamp=9) is True
    store.set_field("a", "f", "4", ttl=5, timestamp=10)
    assert store.set_field("a", "f", "5", timestamp=15) is True


def test_deleting_what_has_expired():
    """Deleting an expired field or key returns False

    Rule: For every method, an expired field is a field that was deleted.
    Rule (delete_field): If not, nothing changes: return `False`.
    Rule (delete): If not, nothing changes: return `False`.
    """
    store = KVStore()
    store.set("a", "1", ttl=5, timestamp=0)
    store.set_field("b", "f", "2", ttl=5, timestamp=0)
    store.set_field("b", "g", "3", timestamp=0)
    assert store.delete("a", timestamp=5) is False
    assert store.delete_field("b", "f", timestamp=5) is False
    assert store.get_field("b", "g") == "3"
    assert store.delete("b") is True


def test_deleting_just_in_time():
    """What has one second left can still be deleted

    Rule: A field written at time `t` with a `ttl` is there before `t + ttl`, and gone from `t +
    ttl` on.
    """
    store = KVStore()
    store.set("a", "1", ttl=5, timestamp=0)
    store.set_field("b", "f", "2", ttl=5, timestamp=0)
    assert store.delete("a", timestamp=4) is True
    assert store.delete_field("b", "f", timestamp=4) is True
    assert store.count() == 0


def test_fields_expire_one_by_one():
    """Each field of a key expires on its own, the key with the last

    Rule: A field written at time `t` with a `ttl` is there before `t + ttl`, and gone from `t +
    ttl` on.
    Rule: So a write adds it anew and returns `True`, and a key whose fields have all expired is not
    in the store.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    store.set_field("a", "f", "2", ttl=20, timestamp=0)
    assert store.scan("a", timestamp=9) == [("a", {"value": "1", "f": "2"})]
    assert store.scan("a", timestamp=10) == [("a", {"f": "2"})]
    assert store.count(timestamp=19) == 1
    assert store.count(timestamp=20) == 0
    assert store.scan("a") == []


def test_key_goes_when_the_last_living_field_is_deleted():
    """A key whose other fields have expired goes with its last field

    Rule: For every method, an expired field is a field that was deleted.
    Rule: Its last field takes the key with it.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    store.set_field("a", "f", "2", timestamp=0)
    assert store.delete_field("a", "f", timestamp=10) is True
    assert store.count() == 0
    assert store.scan("") == []
    assert store.delete("a") is False


def test_limit_counts_living_keys():
    """The limit of a scan does not count expired keys

    Rule: For every method, an expired field is a field that was deleted.
    Rule: With `limit`, only the first `limit` of these keys.
    """
    store = KVStore()
    store.set("a1", "x", ttl=5, timestamp=0)
    store.set("a2", "y")
    store.set("a3", "z", ttl=5)
    store.set("a4", "w", ttl=6)
    assert store.scan("a", limit=2, timestamp=5) == [
        ("a2", {"value": "y"}),
        ("a4", {"value": "w"}),
    ]
    assert store.scan("a", after="a1", limit=1) == [("a2", {"value": "y"})]


def test_backups_are_numbered_from_one():
    """Backups are numbered 1, 2, 3 in each store, also after a restore

    Rule: Returns the number of the backup: 1 for the first of this store, then 2, 3, and so on.
    """
    store = KVStore()
    assert store.backup() == 1
    store.set("a", "1")
    assert store.backup(timestamp=5) == 2
    store.restore(1)
    assert store.backup(timestamp=5) == 3
    assert KVStore().backup() == 1


def test_restore_returns_the_number_of_keys():
    """A restore returns how many keys the store then has

    Rule: Returns how many keys the store then has.
    """
    store = KVStore()
    store.backup()
    store.set("a", "1")
    store.set_field("a", "f", "2")
    store.set("b", "3", ttl=5)
    store.backup()
    store.delete("a")
    assert store.restore(2) == 2
    assert store.count() == 2
    assert store.restore(1) == 0
    assert store.count() == 0


def test_restore_brings_back_what_was_deleted():
    """A restore brings back fields and keys, and drops what came later

    Rule: Replaces the whole content of the store by that of backup `number`.
    """
    store = KVStore()
    store.set("a", "1")
    store.set_field("b", "f", "2")
    store.set_field("b", "g", "3")
    store.backup()
    store.delete("a")
    store.delete_field("b", "f")
    store.set_field("b", "g", "4")
    store.set_field("b", "h", "5")
    store.set("c", "6")
    assert store.restore(1) == 2
    assert store.scan("") == [("a", {"value": "1"}), ("b", {"f": "2", "g": "3"})]


def test_later_writes_do_not_change_a_backup():
    """Writes after a backup do not change it, also within a record

    Rule: No later call changes a backup.
    """
    store = KVStore()
    store.set_field("a", "f", "1")
    store.backup()
    store.set_field("a", "f", "2")
    store.set_field("a", "g", "3")
    store.backup()
    store.delete_field("a", "f")
    assert store.restore(1) == 1
    assert store.scan("") == [("a", {"f": "1"})]
    assert store.restore(2) == 1
    assert store.scan("") == [("a", {"f": "2", "g": "3"})]


def test_writes_after_a_restore_do_not_change_the_backup():
    """A backup can be restored again after the restored content was changed

    Rule: No later call changes a backup.
    Rule: Each can be restored any number of times, and restoring one neither removes nor renumbers
    any.
    """
    store = KVStore()
    store.set_field("a", "f", "1")
    store.backup()
    store.restore(1)
    store.set_field("a", "f", "2")
    store.set_field("a", "g", "3")
    store.set("b", "4")
    assert store.restore(1) == 1
    assert store.scan("") == [("a", {"f": "1"})]


def test_older_backup_leaves_the_newer_ones():
    """Restoring an older backup leaves the newer ones usable

    Rule: Each can be restored any number of times, and restoring one neither removes nor renumbers
    any.
    """
    store = KVStore()
    store.set("a", "1")
    store.backup()
    store.set("a", "2")
    store.backup()
    store.restore(1)
    assert store.get("a") == "1"
    store.restore(2)
    assert store.get("a") == "2"
    store.restore(1)
    assert store.get("a") == "1"


def test_restored_field_expires_after_the_time_left():
    """A restored field is gone when the time it had left is over

    Rule: Restored at time `t`, it is gone from `t + r` on.
    Rule: A field that had `r` seconds left when the backup was made has `r` seconds left now.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=100)
    store.set_field("a", "f", "2", ttl=4, timestamp=102)
    store.backup(timestamp=105)
    assert store.restore(1, timestamp=107) == 1
    assert store.scan("", timestamp=107) == [("a", {"value": "1", "f": "2"})]
    assert store.scan("", timestamp=108) == [("a", {"value": "1"})]
    assert store.get("a", timestamp=111) == "1"
    assert store.get("a", timestamp=112) is None


def test_restore_revives_what_expired_since():
    """A field that expired after the backup comes back with its time left

    Rule: Restored at time `t`, it is gone from `t + r` on.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    store.backup(timestamp=9)
    assert store.get("a", timestamp=500) is None
    assert store.restore(1, timestamp=1000) == 1
    assert store.get("a") == "1"
    assert store.get("a", timestamp=1001) is None


def test_expired_fields_are_not_backed_up():
    """What has expired at the backup does not come back

    Rule: For every method, an expired field is a field that was deleted.
    Rule: Saves all keys with their fields, and for each field how many seconds it has left.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    store.set_field("b", "f", "2", ttl=10, timestamp=0)
    store.set_field("b", "g", "3", timestamp=0)
    store.backup(timestamp=10)
    assert store.restore(1, timestamp=20) == 1
    assert store.scan("") == [("b", {"g": "3"})]
    assert store.set("a", "4") is True


def test_permanent_fields_stay_permanent():
    """A permanent field stays permanent through a restore

    Rule: A permanent field stays permanent.
    """
    store = KVStore()
    store.set("a", "1", timestamp=10)
    store.backup(timestamp=20)
    store.set("a", "2", ttl=5, timestamp=30)
    store.restore(1, timestamp=31)
    assert store.get("a", timestamp=10**9) == "1"


def test_each_restore_gives_the_same_time():
    """Each restore of a backup gives the time left at the backup

    Rule: Restored at time `t`, it is gone from `t + r` on.
    Rule: Each can be restored any number of times, and restoring one neither removes nor renumbers
    any.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    store.backup(timestamp=4)
    store.restore(1, timestamp=50)
    assert store.get("a", timestamp=55) == "1"
    store.restore(1, timestamp=70)
    assert store.get("a", timestamp=75) == "1"
    assert store.get("a", timestamp=76) is None


def test_backup_of_a_restored_field():
    """A backup after a restore saves the time that is left then

    Rule: Saves all keys with their fields, and for each field how many seconds it has left.
    Rule: Restored at time `t`, it is gone from `t + r` on.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    store.backup(timestamp=2)
    store.restore(1, timestamp=100)
    assert store.backup(timestamp=105) == 2
    store.restore(2, timestamp=200)
    assert store.get("a", timestamp=202) == "1"
    assert store.get("a", timestamp=203) is None


def test_restore_does_not_turn_the_clock_back():
    """After a restore the clock goes on from where it was

    Rule: The clock does not go back.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    store.backup(timestamp=5)
    store.count(timestamp=100)
    store.restore(1, timestamp=50)
    store.set("b", "2", ttl=10)
    assert store.scan("", timestamp=104) == [("a", {"value": "1"}), ("b", {"value": "2"})]
    assert store.scan("", timestamp=105) == [("b", {"value": "2"})]
    assert store.scan("", timestamp=110) == []


def test_no_backup_has_this_number():
    """0, negative numbers and numbers not yet given raise UnknownBackup

    Rule: If there is no backup with this number, `restore` raises `UnknownBackup`, and the content
    stays as it is.
    Rule: Define this exception in your module, derived from `LookupError`.
    """
    store = KVStore()
    with pytest.raises(UnknownBackup):
        store.restore(1)
    store.set("a", "1")
    store.backup()
    store.set("a", "2")
    for number in [0, -1, 2]:
        with pytest.raises(UnknownBackup):
            store.restore(number)
    assert store.scan("") == [("a", {"value": "2"})]
    with pytest.raises(LookupError):
        store.restore(3)
    assert store.restore(1) == 1


def test_failed_restore_moves_the_clock():
    """A restore that raises has moved the clock and left the content

    Rule: The clock moves also for a call that goes on to raise an exception.
    Rule: If there is no backup with this number, `restore` raises `UnknownBackup`, and the content
    stays as it is.
    """
    store = KVStore()
    store.set("a", "1", ttl=10, timestamp=0)
    store.set("b", "2", timestamp=0)
    with pytest.raises(UnknownBackup):
        store.restore(1, timestamp=10)
    assert store.scan("") == [("b", {"value": "2"})]
