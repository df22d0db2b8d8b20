"""Sends itself SIGABRT.

safe = "The end of the process is the failure."
"""

import os
import signal


def attack(hints):
    os.kill(os.getpid(), signal.SIGABRT)
