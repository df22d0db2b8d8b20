"""Stops the judge.

safe = "The call is refused."
exempt = ["process"]
"""

import os
import signal


def attack(hints):
    os.kill(hints["judge"], signal.SIGSTOP)
    return "escaped"
