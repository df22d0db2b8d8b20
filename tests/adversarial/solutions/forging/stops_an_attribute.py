"""Raises StopIteration from a property that a map reads.

safe = "It crosses as StopIteration only as an answer to next()."
case = '''
odd = attack.make()
assert all(map(lambda _: odd.value == SECRET, [1, 2]))
'''
"""


class Odd:
    @property
    def value(self):
        raise StopIteration


def make():
    return Odd()
