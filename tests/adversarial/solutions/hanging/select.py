"""Waits on nothing.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""

import select


def attack(hints):
    select.select([], [], [])
