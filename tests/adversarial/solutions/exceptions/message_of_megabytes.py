"""Raises an exception with ten megabytes of text.

safe = "It is cut."
verdicts = ["runtime_error", "time_limit"]
"""


def attack(hints):
    raise ValueError("x" * 10_000_000)
