"""Returns two hundred thousand parts.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer", "time_limit"]
"""


def attack(hints):
    return [[]] * 199_000
