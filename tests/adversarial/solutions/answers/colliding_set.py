"""Returns a set of numbers with one hash.

safe = "It is told that this cannot be sent."
verdicts = ["runtime_error", "wrong_answer", "time_limit"]
"""


def attack(hints):
    return {k * (2**61 - 1) for k in range(1, 1_200)} | set(range(20_000))
