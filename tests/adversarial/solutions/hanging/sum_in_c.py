"""Sums a range without an end, in C code.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""


def attack(hints):
    return sum(range(10**13))
