"""Returns four megabytes of text.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer", "time_limit"]
"""


def attack(hints):
    return "x" * 4_000_000
