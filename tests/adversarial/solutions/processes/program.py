"""Replaces itself by a program.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    os.execv("/bin/true", ["true"])
    return "escaped"
