"""Stops itself.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""

import os
import signal


def attack(hints):
    os.kill(os.getpid(), signal.SIGSTOP)
