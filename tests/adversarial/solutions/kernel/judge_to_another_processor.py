"""Moves the judge to another processor.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    os.sched_setaffinity(hints["judge"], {0})
    return "escaped"
