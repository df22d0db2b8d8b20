"""Kills a thread of the judge.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("tgkill", hints["judge"], hints["judge"], 9)
    return "escaped"
