from solution import JuiceBar


def test_one_amount():
    """The total of a name is what was added"""
    ledger = JuiceBar()
    ledger.add("ann", 5)
    assert ledger.total("ann") == 5


def test_two_amounts():
    """Two amounts of a name are added up"""
    ledger = JuiceBar()
    ledger.add("ann", 5)
    assert ledger.add("ann", 7) == 12


def test_nothing_added():
    """A name that nothing was added under has the total 0"""
    ledger = JuiceBar()
    assert ledger.total("ann") == 0
