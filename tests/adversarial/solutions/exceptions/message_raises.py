"""Raises an exception whose message raises.

safe = "It is told in other words."
"""


class Bad(Exception):
    def __str__(self):
        raise SystemExit

    __repr__ = __str__


def attack(hints):
    raise Bad
