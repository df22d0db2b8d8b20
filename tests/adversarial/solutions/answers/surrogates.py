"""Returns text that cannot be encoded.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
"""


def attack(hints):
    return "\ud800\udfff"
