"""Returns lists where the suite makes a set.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
case = "assert set(attack.attack(HINTS)) == {SECRET}"
"""


def attack(hints):
    return [[1], [2]]
