"""Raises a class that calls itself _pytest.outcomes.XFailed.

safe = "A name is only a name."
"""


class XFailed(BaseException):
    pass


XFailed.__module__ = "_pytest.outcomes"


def attack(hints):
    raise XFailed("outcome")
