"""Raises AssertionError itself, to look like the suite's own.

safe = "It is known to come from the box."
"""


def attack(hints):
    assert hints is None
