"""Raises exception groups nested a thousand deep.

safe = "A group crosses as an exception of no type one can name."
verdicts = ["runtime_error", "time_limit"]
"""


def attack(hints):
    error = ValueError(1)
    for _ in range(1000):
        error = ExceptionGroup("group", [error])
    raise error
