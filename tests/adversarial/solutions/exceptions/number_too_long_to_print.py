"""Raises an exception that holds an integer Python refuses to print.

safe = "It is told in other words."
verdicts = ["runtime_error", "time_limit"]
"""


def attack(hints):
    raise ValueError(10**100_000)
