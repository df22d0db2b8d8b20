"""Asks for another scheduling policy.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    return "escaped"
