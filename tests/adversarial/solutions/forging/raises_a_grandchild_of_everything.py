"""Raises an exception that derives from every builtin one it can.

safe = "The most derived class that the judge knows decides."
verdicts = ["runtime_error"]
case = '''
with pytest.raises(OddError):
    attack.attack(HINTS)
'''
"""


class All(ValueError, LookupError, AttributeError):
    pass


def attack(hints):
    raise All("many")
