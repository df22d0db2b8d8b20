"""Forks.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    if os.fork() == 0:
        os._exit(0)
    return "escaped"
