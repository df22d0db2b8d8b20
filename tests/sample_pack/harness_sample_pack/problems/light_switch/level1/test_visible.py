from solution import Switch


def test_first_press():
    """The first press turns the lamp on"""
    assert Switch().press() is True
