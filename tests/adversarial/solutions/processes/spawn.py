"""Runs a program by posix_spawn.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    os.posix_spawn("/bin/true", ["true"], {})
    return "escaped"
