"""Returns a number that the suite repeats a text by.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
case = "assert 'x' * attack.attack(HINTS) == 'x'"
"""


def attack(hints):
    return 10**10
