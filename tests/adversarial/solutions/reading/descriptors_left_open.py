"""Tries every descriptor for something left open.

safe = "None is open."
"""

import os


def attack(hints):
    for number in (3, *range(5, 1024)):
        try:
            os.fstat(number)
        except OSError:
            continue
        break
    else:
        raise LookupError("none is open")
    return "escaped"
