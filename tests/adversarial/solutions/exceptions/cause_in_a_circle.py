"""Raises exceptions that are each other's cause.

safe = "Causes do not cross."
"""


def attack(hints):
    first, second = ValueError(1), KeyError(2)
    first.__cause__, second.__cause__ = second, first
    first.__context__, second.__context__ = second, first
    raise first
