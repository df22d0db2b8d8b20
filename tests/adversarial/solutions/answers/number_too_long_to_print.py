"""Returns an integer that Python refuses to print.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer", "time_limit"]
"""


def attack(hints):
    return 10**100_000
