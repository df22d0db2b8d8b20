from solution import Switch


def test_second_press():
    """The second press turns the lamp off"""
    switch = Switch()
    switch.press()
    assert switch.press() is False
