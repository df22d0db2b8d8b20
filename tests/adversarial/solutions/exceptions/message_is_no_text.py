"""Raises an exception whose __str__ returns a number.

safe = "It is told in other words."
"""


class Bad(Exception):
    def __str__(self):
        return 5


def attack(hints):
    raise Bad
