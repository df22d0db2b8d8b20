"""Locks a range of a library file.

safe = "The call is refused."
exempt = ["process"]
"""

import fcntl
import os


def attack(hints):
    with open(os.__file__) as file:
        fcntl.lockf(file, fcntl.LOCK_SH)
    return "escaped"
