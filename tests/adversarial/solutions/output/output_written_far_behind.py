"""Writes far behind the end of its output.

safe = "The kernel refuses."
"""

import os


def attack(hints):
    os.pwrite(1, b"x", 1 << 50)
    return "escaped"
