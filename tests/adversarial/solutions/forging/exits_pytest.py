"""Raises a class that calls itself _pytest.outcomes.Exit.

safe = "A name is only a name."
"""


class Exit(BaseException):
    pass


Exit.__module__ = "_pytest.outcomes"


def attack(hints):
    raise Exit("outcome")
