"""Grows the output file to a petabyte.

safe = "The kernel refuses."
"""

import os


def attack(hints):
    os.ftruncate(1, 1 << 50)
    return "escaped"
