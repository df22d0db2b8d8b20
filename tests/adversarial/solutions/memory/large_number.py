"""Computes a number of a gigabyte.

safe = "The box's memory is limited."
verdicts = ["memory_limit", "runtime_error", "time_limit"]
"""


def attack(hints):
    return 1 << (8 << 30)
