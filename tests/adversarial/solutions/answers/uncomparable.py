"""Returns values that have no order where the suite sorts.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
case = "assert sorted(attack.attack(HINTS)) == [SECRET]"
"""


def attack(hints):
    return [1, "a", None, [], {}]
