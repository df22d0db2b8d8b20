from solution import JuiceBar


def test_add_returns_the_total_of_its_name():
    """Adding returns the total of that name alone"""
    ledger = JuiceBar()
    ledger.add("ann", 5)
    ledger.add("bob", 1)
    assert ledger.add("ann", 2) == 7


def test_names_do_not_mix():
    """What one name gets is not in the total of another"""
    ledger = JuiceBar()
    ledger.add("ann", 5)
    ledger.add("bob", 3)
    assert ledger.total("bob") == 3


def test_names_are_compared_exactly():
    """Names with other capitals are other names"""
    ledger = JuiceBar()
    ledger.add("ann", 5)
    ledger.add("Ann", 2)
    assert ledger.total("ann") == 5


def test_negative_amounts():
    """Negative amounts lower the total, also below zero"""
    ledger = JuiceBar()
    ledger.add("ann", 5)
    assert ledger.add("ann", -9) == -4


def test_an_unknown_name_beside_known_ones():
    """An unknown name has the total 0 also when others have one"""
    ledger = JuiceBar()
    ledger.add("ann", 5)
    assert ledger.total("bob") == 0


def test_two_ledgers_share_nothing():
    """What is added to one does not show in another"""
    first = JuiceBar()
    second = JuiceBar()
    first.add("ann", 5)
    assert second.total("ann") == 0
