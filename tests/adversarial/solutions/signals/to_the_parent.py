"""Kills the judge's parent.

safe = "The call is refused."
exempt = ["process"]
"""

import os
import signal


def attack(hints):
    os.kill(hints["parent"], signal.SIGKILL)
    return "escaped"
