from solution import KVStore


def keys(pairs):
    return [key for key, _ in pairs]


def test_field_names_belong_to_one_key():
    """The same field name under two keys is two fields

    Rule: Stores `value` in the field `field` of `key`.
    Rule: The key and the field are added if they are not there.
    Rule: If `key` had no such field, return `True`, also when the key itself is not new.
    """
    store = KVStore()
    assert store.set_field("a", "f", "1") is True
    assert store.set_field("b", "f", "2") is True
    assert store.get_field("a", "f") == "1"
    assert store.get_field("b", "f") == "2"


def test_keys_and_fields_are_not_joined():
    """A key and a field are told apart, whatever characters are in them

    Rule: Stores `value` in the field `field` of `key`.
    Rule: Returns the value of the field, or `None` if `key` has no such field or is not in the
    store.
    Rule: Two keys are the same only if all their characters are: `"a"`, `"A"` and `"a "` are three
    keys.
    """
    store = KVStore()
    names = [("a:b", "c"), ("a", "b:c"), ("ab", "c"), ("a", "bc"), ("a/b", "c"), ("a", "b/c")]
    assert [store.set_field(key, field, key + field) for key, field in names] == [True] * 6
    assert store.get_field("a", "b") is None
    assert store.scan("a", after="a", limit=2) == [("a/b", {"c": "a/bc"}), ("a:b", {"c": "a:bc"})]
    assert store.scan("a", limit=1) == [("a", {"b:c": "ab:c", "bc": "abc", "b/c": "ab/c"})]


def test_new_field_of_an_old_key():
    """A new field of a key that is there returns True

    Rule: If `key` had no such field, return `True`, also when the key itself is not new.
    Rule: If it had, the value is replaced: return `False`.
    Rule: `count()` counts keys, however many fields they have.
    """
    store = KVStore()
    store.set_field("a", "f", "1")
    assert store.set_field("a", "g", "1") is True
    assert store.set_field("a", "g", "1") is False
    assert store.count() == 1


def test_set_is_new_when_only_other_fields_exist():
    """set returns True on a key that has only other fields

    Rule: If `key` had no such field, return `True`, also when the key itself is not new.
    Rule: `set(key, value)` is now the same as `set_field(key, "value", value)`, and `get(key)` the
    same as `get_field(key, "value")`.
    """
    store = KVStore()
    store.set_field("a", "f", "1")
    assert store.get("a") is None
    assert store.set("a", "2") is True
    assert store.set("a", "3") is False


def test_set_leaves_other_fields():
    """set leaves the other fields of the key alone

    Rule: So `set` leaves the other fields of the key alone.
    """
    store = KVStore()
    store.set_field("a", "f", "1")
    store.set("a", "2")
    assert store.get_field("a", "f") == "1"
    assert store.get("a") == "2"


def test_get_field_of_a_missing_key():
    """A field of a key that is not there is None, and asking adds nothing

    Rule: Returns the value of the field, or `None` if `key` has no such field or is not in the
    store.
    Rule: A key is in the store while its record has at least one field.
    Rule: A call that only asks, as of `get` or `count`, changes no key and no value.
    """
    store = KVStore()
    assert store.get_field("a", "f") is None
    assert store.get("a") is None
    assert store.count() == 0
    assert store.scan("") == []


def test_delete_removes_all_fields():
    """delete removes the key with all its fields

    Rule: `delete(key)` removes the key with all its fields.
    Rule: If `key` had no such field, return `True`, also when the key itself is not new.
    """
    store = KVStore()
    store.set_field("a", "f", "1")
    store.set_field("a", "g", "2")
    assert store.delete("a") is True
    assert store.get_field("a", "f") is None
    assert store.get_field("a", "g") is None
    assert store.delete("a") is False
    assert store.set_field("a", "f", "3") is True
    assert store.scan("") == [("a", {"f": "3"})]


def test_last_field_takes_the_key():
    """The key goes with its last field

    Rule: Its last field takes the key with it.
    """
    store = KVStore()
    store.set_field("a", "f", "1")
    store.set("a", "2")
    assert store.delete_field("a", "f") is True
    assert store.count() == 1
    assert store.delete_field("a", "value") is True
    assert store.count() == 0
    assert store.scan("") == []
    assert store.delete("a") is False


def test_delete_field_that_is_not_there():
    """Deleting a field that is not there returns False and changes nothing

    Rule (delete_field): If not, nothing changes: return `False`.
    """
    store = KVStore()
    assert store.delete_field("a", "f") is False
    store.set_field("a", "g", "1")
    assert store.delete_field("a", "f") is False
    assert store.delete_field("b", "g") is False
    assert store.scan("") == [("a", {"g": "1"})]
    assert store.count() == 1


def test_deleted_field_is_new_again():
    """A deleted field can be set again and counts as new

    Rule: If `key` had no such field, return `True`, also when the key itself is not new.
    Rule: Removes the field.
    Rule: If the field was there, return `True`.
    """
    store = KVStore()
    store.set("a", "0")
    store.set_field("a", "f", "1")
    store.delete_field("a", "f")
    assert store.delete_field("a", "f") is False
    assert store.set_field("a", "f", "2") is True
    assert store.get_field("a", "f") == "2"


def test_count_is_of_keys():
    """The count is of keys, not of fields

    Rule: `count()` counts keys, however many fields they have.
    """
    store = KVStore()
    store.set("a", "1")
    store.set_field("a", "f", "1")
    store.set_field("a", "g", "1")
    store.set_field("b", "f", "1")
    assert store.count() == 2


def test_empty_value_in_a_field():
    """The empty string is a value of a field

    Rule: The empty string is a key, and a value, like any other.
    Rule: If it had, the value is replaced: return `False`.
    """
    store = KVStore()
    store.set_field("a", "f", "")
    assert store.get_field("a", "f") == ""
    assert store.set_field("a", "f", "") is False
    assert store.scan("a") == [("a", {"f": ""})]
    assert store.delete_field("a", "f") is True
    assert store.count() == 0


def test_empty_field_name():
    """The empty string is a field name of its own

    Rule: The empty string is a field name like any other.
    Rule: `set(key, value)` is now the same as `set_field(key, "value", value)`, and `get(key)` the
    same as `get_field(key, "value")`.
    """
    store = KVStore()
    assert store.set_field("a", "", "1") is True
    assert store.get("a") is None
    assert store.set("a", "2") is True
    assert store.get_field("a", "") == "1"
    assert store.delete_field("a", "") is True
    assert store.get("a") == "2"


def test_scan_sorts_as_python_does():
    """A scan orders keys as Python orders strings

    Rule: Returns the keys that start with `prefix`, in ascending order of Python strings, each as a
    tuple `(key, record)`.
    Rule: Every key starts with the empty prefix.
    """
    store = KVStore()
    for key in ["b", "a10", "B", "a", "é", "a9", "", "Z", "_"]:
        store.set(key, "x")
    assert keys(store.scan("")) == ["", "B", "Z", "_", "a", "a10", "a9", "b", "é"]


def test_scan_takes_only_the_prefix():
    """A scan takes the prefix itself and what starts with it, in the same case

    Rule: Returns the keys that start with `prefix`, in ascending order of Python strings, each as a
    tuple `(key, record)`.
    Rule: If no key is left, return `[]`.
    """
    store = KVStore()
    for key in ["ab", "a", "abc", "Ab", "xab", "ac", "ab "]:
        store.set(key, "x")
    assert keys(store.scan("ab")) == ["ab", "ab ", "abc"]
    assert store.scan("abcd") == []


def test_scan_gives_whole_records():
    """A scan gives each key with all its fields

    Rule: The record is a dict of all the key's fields and their values; the order inside it is
    free.
    """
    store = KVStore()
    store.set_field("a", "f", "1")
    store.set("a", "2")
    store.set_field("b", "g", "3")
    store.set_field("b", "g", "4")
    assert store.scan("") == [("a", {"f": "1", "value": "2"}), ("b", {"g": "4"})]


def test_scan_after_a_key_leaves_it_out():
    """A scan after a key begins with the next greater key

    Rule: With `after`, only the keys that are greater than `after`.
    Rule: If no key is left, return `[]`.
    """
    store = KVStore()
    for key in ["a1", "a2", "a3"]:
        store.set(key, "x")
    assert keys(store.scan("a", after="a1")) == ["a2", "a3"]
    assert keys(store.scan("a", after="a3")) == []


def test_scan_after_a_key_that_is_not_there():
    """The key to scan after need not be in the store

    Rule: `after` need not be in the store, nor start with `prefix`.
    """
    store = KVStore()
    for key in ["a1", "a3", "a5"]:
        store.set(key, "x")
    assert keys(store.scan("a", after="a2")) == ["a3", "a5"]
    store.delete("a3")
    assert keys(store.scan("a", after="a3")) == ["a5"]


def test_scan_after_a_key_without_the_prefix():
    """The key to scan after need not start with the prefix

    Rule: With `after`, only the keys that are greater than `after`.
    Rule: `after` need not be in the store, nor start with `prefix`.
    """
    store = KVStore()
    for key in ["a", "b1", "b2", "c"]:
        store.set(key, "x")
    assert keys(store.scan("b", after="a")) == ["b1", "b2"]
    assert keys(store.scan("b", after="")) == ["b1", "b2"]
    assert keys(store.scan("b", after="bb")) == []
    assert keys(store.scan("b", after="c")) == []


def test_scan_after_the_empty_key():
    """After the empty string come all keys but the empty one

    Rule: With `after`, only the keys that are greater than `after`.
    """
    store = KVStore()
    store.set("", "x")
    store.set("a", "y")
    assert keys(store.scan("")) == ["", "a"]
    assert keys(store.scan("", after="")) == ["a"]


def test_limit_counts_matching_keys():
    """The limit counts the keys that match, in order

    Rule: With `limit`, only the first `limit` of these keys.
    """
    store = KVStore()
    for key in ["b3", "a2", "b1", "a1", "b2"]:
        store.set(key, "x")
    assert keys(store.scan("b", limit=2)) == ["b1", "b2"]
    assert keys(store.scan("b", after="b1", limit=1)) == ["b2"]
    assert keys(store.scan("b", limit=3)) == ["b1", "b2", "b3"]
    assert keys(store.scan("b", limit=1000)) == ["b1", "b2", "b3"]


def test_limit_zero():
    """A limit of 0 gives nothing

    Rule: With `limit`, only the first `limit` of these keys.
    """
    store = KVStore()
    store.set("a", "x")
    assert store.scan("a", limit=0) == []
    assert store.scan("", limit=0) == []
