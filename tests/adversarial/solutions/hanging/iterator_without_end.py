"""Returns an iterator that never ends.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
case = "assert list(attack.attack(HINTS)) == [SECRET]"
"""

import itertools


def attack(hints):
    return itertools.count()
