"""Loops for ever.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""


def attack(hints):
    while True:
        pass
