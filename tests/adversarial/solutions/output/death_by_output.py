"""Lets the signal of a full output end its process.

safe = "The kernel ends the output at its limit."
verdicts = ["output_limit", "time_limit"]
"""

import os
import signal


def attack(hints):
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    while True:
        os.write(1, b"escaped\n" * 1000)
