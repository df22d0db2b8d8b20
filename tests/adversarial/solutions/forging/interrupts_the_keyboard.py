"""Raises KeyboardInterrupt, which ends a pytest run.

safe = "It never comes up as itself."
"""


def attack(hints):
    raise KeyboardInterrupt
