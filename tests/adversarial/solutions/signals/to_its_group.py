"""Kills its process group.

safe = "The call is refused."
exempt = ["process"]
"""

import os
import signal


def attack(hints):
    os.kill(0, signal.SIGKILL)
    return "escaped"
