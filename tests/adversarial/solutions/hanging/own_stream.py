"""Reads the judge's next request itself.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""

import os


def attack(hints):
    os.read(4, 1)
