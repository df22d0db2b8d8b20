"""Raises StopIteration inside all(map(...)), which then is true.

safe = "It crosses as StopIteration only as an answer to next()."
case = "assert all(map(attack.attack, [1, 2]))"
"""


def attack(number):
    raise StopIteration
