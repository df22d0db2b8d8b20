"""Returns not-a-number, infinities and minus zero.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
"""


def attack(hints):
    return [float("nan"), float("inf"), -0.0]
