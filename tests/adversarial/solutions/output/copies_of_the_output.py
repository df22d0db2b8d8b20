"""Writes through copies of the output's descriptor.

safe = "The kernel ends the output at its limit."
verdicts = ["output_limit", "time_limit"]
"""

import os


def attack(hints):
    copy = os.dup(1)
    while True:
        os.write(copy, bytes(1000))
