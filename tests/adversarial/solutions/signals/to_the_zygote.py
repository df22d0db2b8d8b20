"""Kills the process it was forked from.

safe = "The call is refused."
exempt = ["process"]
"""

import os
import signal


def attack(hints):
    os.kill(os.getppid() or 1, signal.SIGKILL)
    return "escaped"
