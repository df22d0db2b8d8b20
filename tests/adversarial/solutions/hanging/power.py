"""Raises a number to a large power, in C code.

safe = "The case's one deadline ends it."
verdicts = ["time_limit", "memory_limit"]
"""


def attack(hints):
    return 7 ** (10**9)
