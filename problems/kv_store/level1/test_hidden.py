from solution import KVStore


def test_new_store_is_empty():
    """A new store has no keys

    Rule: `KVStore()` makes an empty store.
    """
    store = KVStore()
    assert store.count() == 0
    assert store.get("a") is None


def test_each_key_has_its_own_value():
    """Each key keeps its own value

    Rule: If `key` is not in the store, it is added: return `True`.
    Rule: Returns the value under `key`, or `None` if `key` is not in the store.
    """
    store = KVStore()
    assert store.set("a", "1") is True
    assert store.set("b", "2") is True
    assert store.set("c", "1") is True
    assert [store.get("c"), store.get("b"), store.get("a")] == ["1", "2", "1"]


def test_replacing_one_key_leaves_the_others():
    """Replacing one value leaves the other keys alone

    Rule: Stores `value` under `key`.
    Rule: If `key` is in the store, its value is replaced: return `False`, also when the two values
    are equal.
    """
    store = KVStore()
    store.set("a", "same")
    store.set("b", "same")
    assert store.set("a", "other") is False
    assert store.get("a") == "other"
    assert store.get("b") == "same"


def test_equal_value_is_still_a_replacement():
    """Setting an equal value again returns False

    Rule: If `key` is in the store, its value is replaced: return `False`, also when the two values
    are equal.
    """
    store = KVStore()
    store.set("a", "1")
    assert store.set("a", "1") is False
    assert store.get("a") == "1"


def test_count_is_of_keys_not_of_writes():
    """Setting a key again does not raise the count

    Rule: If `key` is in the store, its value is replaced: return `False`, also when the two values
    are equal.
    Rule: Returns the number of keys in the store.
    """
    store = KVStore()
    store.set("a", "1")
    store.set("a", "2")
    store.set("a", "2")
    assert store.count() == 1


def test_equal_values_count_apart():
    """Keys with equal values are counted one by one

    Rule: Returns the number of keys in the store.
    """
    store = KVStore()
    store.set("a", "same")
    store.set("b", "same")
    store.set("c", "same")
    assert store.count() == 3
    store.delete("b")
    assert store.count() == 2


def test_deleting_a_missing_key():
    """Deleting a key that is not there returns False and changes nothing

    Rule (delete): If not, nothing changes: return `False`.
    """
    store = KVStore()
    assert store.delete("a") is False
    store.set("b", "1")
    assert store.delete("a") is False
    assert store.count() == 1
    assert store.get("b") == "1"


def test_deleting_twice():
    """A second delete of the same key returns False

    Rule: If `key` was in the store, return `True`.
    Rule (delete): If not, nothing changes: return `False`.
    """
    store = KVStore()
    store.set("a", "1")
    assert store.delete("a") is True
    assert store.delete("a") is False
    assert store.count() == 0


def test_deleted_key_is_new_again():
    """A deleted key can be set again and counts as new

    Rule: A later `set` of it adds it as a new key.
    """
    store = KVStore()
    store.set("a", "1")
    store.delete("a")
    assert store.set("a", "2") is True
    assert store.get("a") == "2"
    assert store.count() == 1


def test_empty_value_is_read_back():
    """The empty string is a value

    Rule: The empty string is a key, and a value, like any other.
    Rule: Returns the value under `key`, or `None` if `key` is not in the store.
    """
    store = KVStore()
    assert store.set("a", "") is True
    assert store.get("a") == ""
    assert store.count() == 1


def test_replacing_an_empty_value():
    """A key that holds the empty string is not new

    Rule: If `key` is in the store, its value is replaced: return `False`, also when the two values
    are equal.
    Rule: The empty string is a key, and a value, like any other.
    """
    store = KVStore()
    store.set("a", "")
    assert store.set("a", "1") is False
    assert store.set("a", "") is False
    assert store.get("a") == ""


def test_deleting_an_empty_value():
    """A key that holds the empty string can be deleted

    Rule: Removes `key` and its value.
    Rule: If `key` was in the store, return `True`.
    Rule: The empty string is a key, and a value, like any other.
    """
    store = KVStore()
    store.set("a", "")
    assert store.delete("a") is True
    assert store.get("a") is None
    assert store.count() == 0


def test_empty_key():
    """The empty string is a key

    Rule: The empty string is a key, and a value, like any other.
    """
    store = KVStore()
    assert store.get("") is None
    assert store.set("", "1") is True
    assert store.set("", "2") is False
    assert store.get("") == "2"
    assert store.count() == 1
    assert store.delete("") is True
    assert store.count() == 0


def test_keys_differ_by_case():
    """Keys that differ only in case are different keys

    Rule: Two keys are the same only if all their characters are: `"a"`, `"A"` and `"a "` are three
    keys.
    """
    store = KVStore()
    store.set("Port", "80")
    assert store.set("port", "81") is True
    assert store.get("Port") == "80"
    assert store.get("PORT") is None


def test_keys_differ_by_spaces():
    """Keys that differ only in spaces are different keys

    Rule: Two keys are the same only if all their characters are: `"a"`, `"A"` and `"a "` are three
    keys.
    """
    store = KVStore()
    store.set("a", "1")
    assert store.set(" a", "2") is True
    assert store.set("a ", "3") is True
    assert store.set(" ", "4") is True
    assert [store.get("a"), store.get(" a"), store.get("a ")] == ["1", "2", "3"]
    assert store.get("") is None


def test_two_stores_share_nothing():
    """Two stores share nothing

    Rule: Two stores share nothing.
    """
    first = KVStore()
    first.set("a", "1")
    second = KVStore()
    assert second.get("a") is None
    assert second.set("a", "2") is True
    assert first.get("a") == "1"
    assert first.delete("a") is True
    assert second.count() == 1
