"""Raises its own class by the name of a declared exception.

safe = "Class and attributes come from the judge's own; the text is its answer."
verdicts = ["wrong_answer"]
case = '''
with pytest.raises(OddError) as caught:
    attack.attack(HINTS)
assert caught.value.args == (SECRET,)
'''
"""


class OddError(ValueError):
    pass


def attack(hints):
    raise OddError("escaped")
