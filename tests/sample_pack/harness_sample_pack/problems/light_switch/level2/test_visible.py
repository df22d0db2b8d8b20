from solution import Switch


def test_no_press():
    """A new switch was never pressed"""
    assert Switch().presses() == 0
