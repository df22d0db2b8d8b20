"""Returns more than a frame may hold.

safe = "It is told that this cannot be sent."
verdicts = ["runtime_error", "time_limit"]
"""


def attack(hints):
    return "x" * 5_000_000
