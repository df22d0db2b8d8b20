"""Reads from a pipe of its own.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""

import os


def attack(hints):
    os.read(os.pipe()[0], 1)
