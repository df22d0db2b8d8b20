"""Leaves a stopped child behind.

safe = "Whatever it started ends with the box."
verdicts = ["runtime_error", "wrong_answer"]
"""

import os
import signal


def attack(hints):
    if os.fork() == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
