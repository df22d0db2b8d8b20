"""Returns a million parts.

safe = "It is told that this cannot be sent."
verdicts = ["runtime_error"]
"""


def attack(hints):
    return [[]] * 1_000_000
