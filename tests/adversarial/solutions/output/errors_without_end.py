"""Writes to the standard error without an end.

safe = "The kernel ends the output at its limit."
verdicts = ["output_limit", "time_limit"]
"""

import sys


def attack(hints):
    while True:
        sys.stderr.write("x" * 1000)
