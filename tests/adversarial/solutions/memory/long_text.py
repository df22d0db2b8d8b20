"""Multiplies a text.

safe = "The box's memory is limited."
verdicts = ["memory_limit", "runtime_error", "time_limit"]
"""


def attack(hints):
    return "x" * (1 << 33)
