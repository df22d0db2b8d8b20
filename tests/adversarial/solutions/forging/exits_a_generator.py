"""Raises GeneratorExit, which generators swallow.

safe = "It never comes up as itself."
"""


def attack(hints):
    raise GeneratorExit
