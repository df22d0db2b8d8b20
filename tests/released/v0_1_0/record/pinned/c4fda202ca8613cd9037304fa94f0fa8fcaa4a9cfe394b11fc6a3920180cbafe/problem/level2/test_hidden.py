from solution import JuiceBar


def test_largest_first():
    """Three names are listed by falling totals"""
    ledger = JuiceBar()
    ledger.add("ann", 4)
    ledger.add("bob", 8)
    ledger.add("cid", 6)
    assert ledger.top(3) == ["bob", "cid", "ann"]


def test_equal_totals_are_in_order_of_names():
    """Names with equal totals are in ascending order"""
    ledger = JuiceBar()
    for name in ["cid", "ann", "bob"]:
        ledger.add(name, 5)
    assert ledger.top(3) == ["ann", "bob", "cid"]


def test_no_more_than_asked_for():
    """Only so many names are listed as asked for"""
    ledger = JuiceBar()
    ledger.add("ann", 4)
    ledger.add("bob", 8)
    ledger.add("cid", 6)
    assert ledger.top(1) == ["bob"]


def test_none_asked_for():
    """Nobody is listed if nobody is asked for"""
    ledger = JuiceBar()
    ledger.add("ann", 4)
    assert ledger.top(0) == []


def test_totals_decide_not_single_amounts():
    """Totals decide, not single amounts"""
    ledger = JuiceBar()
    ledger.add("ann", 9)
    ledger.add("bob", 5)
    ledger.add("bob", 6)
    assert ledger.top(2) == ["bob", "ann"]


def test_a_total_of_zero_takes_part():
    """A name whose total is 0 takes part"""
    ledger = JuiceBar()
    ledger.add("ann", 3)
    ledger.add("ann", -3)
    assert ledger.top(2) == ["ann"]
