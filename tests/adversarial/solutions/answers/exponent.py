"""Returns a number that the suite takes a power by.

safe = "The case's one deadline ends it."
verdicts = ["time_limit", "wrong_answer"]
case = "assert 7 ** attack.attack(HINTS) == 49"
"""


def attack(hints):
    return 10**8
