"""Returns a number that the suite counts up to.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
case = "assert sum(1 for _ in range(attack.attack(HINTS))) == 3"
"""


def attack(hints):
    return 10**15
