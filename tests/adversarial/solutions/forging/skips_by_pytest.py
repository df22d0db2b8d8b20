"""Raises a class that calls itself _pytest.outcomes.Skipped.

safe = "A name is only a name."
"""


class Skipped(BaseException):
    pass


Skipped.__module__ = "_pytest.outcomes"


def attack(hints):
    raise Skipped("outcome")
