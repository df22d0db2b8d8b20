from solution import KVStore


def test_a_value_is_read_back():
    """A value that was set is read back"""
    store = KVStore()
    assert store.set("host", "alpha") is True
    assert store.get("host") == "alpha"


def test_setting_again_replaces():
    """Setting a key again replaces its value"""
    store = KVStore()
    store.set("host", "alpha")
    assert store.set("host", "beta") is False
    assert store.get("host") == "beta"


def test_a_missing_key_gives_none():
    """A key that was never set gives None"""
    store = KVStore()
    store.set("host", "alpha")
    assert store.get("port") is None


def test_delete_removes_the_key():
    """A deleted key is gone"""
    store = KVStore()
    store.set("host", "alpha")
    assert store.delete("host") is True
    assert store.get("host") is None


def test_count_follows_set_and_delete():
    """The count follows what is set and deleted"""
    store = KVStore()
    store.set("host", "alpha")
    store.set("port", "80")
    assert store.count() == 2
    store.delete("host")
    assert store.count() == 1
