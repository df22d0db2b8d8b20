from solution import JuiceBar


def test_the_larger_total_comes_first():
    """The name with the larger total comes first"""
    ledger = JuiceBar()
    ledger.add("ann", 5)
    ledger.add("bob", 9)
    assert ledger.top(2) == ["bob", "ann"]


def test_fewer_names_than_asked_for():
    """All names are listed if there are fewer than asked for"""
    ledger = JuiceBar()
    ledger.add("ann", 5)
    assert ledger.top(4) == ["ann"]


def test_nobody():
    """An empty one lists nobody"""
    ledger = JuiceBar()
    assert ledger.top(3) == []
