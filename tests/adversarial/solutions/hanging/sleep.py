"""Sleeps.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""

import time


def attack(hints):
    time.sleep(1000)
