"""Returns a dictionary whose keys have one hash.

safe = "It is told that this cannot be sent."
verdicts = ["runtime_error", "wrong_answer", "time_limit"]
"""


def attack(hints):
    return {(k * (2**61 - 1), k): k for k in range(9_000)}
