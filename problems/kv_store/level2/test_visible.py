from solution import KVStore


def test_a_field_is_read_back():
    """A field that was set is read back"""
    store = KVStore()
    assert store.set_field("user:1", "name", "Ann") is True
    assert store.set_field("user:1", "name", "Anna") is False
    assert store.get_field("user:1", "name") == "Anna"
    assert store.get_field("user:1", "city") is None


def test_set_writes_the_field_value():
    """set and get mean the field named value"""
    store = KVStore()
    store.set("user:1", "on")
    assert store.get_field("user:1", "value") == "on"
    store.set_field("user:1", "value", "off")
    assert store.get("user:1") == "off"


def test_delete_field_removes_one_field():
    """A deleted field is gone, the others stay"""
    store = KVStore()
    store.set_field("user:1", "name", "Ann")
    store.set_field("user:1", "city", "Oslo")
    assert store.delete_field("user:1", "name") is True
    assert store.get_field("user:1", "name") is None
    assert store.get_field("user:1", "city") == "Oslo"


def test_scan_in_order_of_keys():
    """A scan gives the keys under the prefix in order, with their records"""
    store = KVStore()
    store.set("user:2", "b")
    store.set_field("user:1", "name", "Ann")
    store.set("group:1", "c")
    assert store.scan("user:") == [("user:1", {"name": "Ann"}), ("user:2", {"value": "b"})]


def test_scan_page_by_page():
    """A scan can be limited, and go on after a key"""
    store = KVStore()
    store.set("a1", "x")
    store.set("a2", "y")
    store.set("a3", "z")
    assert store.scan("a", limit=2) == [("a1", {"value": "x"}), ("a2", {"value": "y"})]
    assert store.scan("a", after="a2", limit=2) == [("a3", {"value": "z"})]
