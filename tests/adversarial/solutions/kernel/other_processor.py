"""Moves itself to another processor.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    os.sched_setaffinity(0, {0})
    return "escaped"
