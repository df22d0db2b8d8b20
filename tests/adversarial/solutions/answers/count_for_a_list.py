"""Returns a number that the suite makes a list of.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
case = "assert [0] * attack.attack(HINTS) == [0]"
"""


def attack(hints):
    return 10**11
