"""Queues a signal for the judge.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("sigqueue", hints["judge"], 9, 0)
    return "escaped"
