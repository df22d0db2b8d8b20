"""Leaves its session and its group.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    os.setpgid(0, 0)
    os.setsid()
    return "escaped"
