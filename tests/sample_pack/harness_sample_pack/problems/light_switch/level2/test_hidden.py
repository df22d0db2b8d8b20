from solution import Switch


def test_three_presses():
    """Each press counts"""
    switch = Switch()
    for _ in range(3):
        switch.press()
    assert switch.presses() == 3
