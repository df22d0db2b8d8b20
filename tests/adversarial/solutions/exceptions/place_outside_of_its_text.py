"""Raises errors of encoding that tell of a place far outside of their text.

safe = "They are made anew without it: printing them would read there."
case = '''
for number in range(3):
    with pytest.raises(UnicodeError) as caught:
        attack.attack(number)
    assert str(caught.value) == ''
    assert caught.value.start == 0
attack.attack(3)
'''
"""

FAR = -(2**40)


def attack(number):
    if number == 1:
        error = UnicodeEncodeError("a", "b", 0, 1, "c")
    elif number == 2:
        error = UnicodeTranslateError("b", 0, 1, "c")
    else:
        error = UnicodeDecodeError("a", b"b", 0, 1, "c")
    error.args = (*error.args[:-3], FAR, FAR + 1, "c")
    raise error
