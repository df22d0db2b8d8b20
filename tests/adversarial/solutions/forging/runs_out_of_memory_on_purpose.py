"""Raises MemoryError by hand.

safe = "A verdict of its own, and no pass."
verdicts = ["memory_limit"]
"""


def attack(hints):
    raise MemoryError
