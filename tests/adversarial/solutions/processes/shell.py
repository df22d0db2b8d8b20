"""Runs a shell command.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    if os.system("true") != 0:
        raise OSError("no shell")
    return "escaped"
