"""Returns a million parts.

safe = "It is told that this cannot be sent."
verdicts = ["runtime_error", "time_limit"]
"""


def attack(hints):
    return [[]] * 1_000_000
