"""Kills every process it may.

safe = "The call is refused."
exempt = ["process"]
"""

import os
import signal


def attack(hints):
    os.kill(-1, signal.SIGKILL)
    return "escaped"
