"""Returns a number that the suite shifts by.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
case = "assert 1 << attack.attack(HINTS) == 2"
"""


def attack(hints):
    return 10**12
