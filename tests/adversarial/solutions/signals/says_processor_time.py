"""Sends itself SIGXCPU, to look like a time limit.

safe = "A verdict that is no pass."
verdicts = ["time_limit", "runtime_error"]
"""

import os
import signal


def attack(hints):
    os.kill(os.getpid(), signal.SIGXCPU)
