"""Asks for a signal when a folder changes.

safe = "The call is refused."
exempt = ["process"]
"""

import fcntl
import os


def attack(hints):
    folder = os.open(os.path.dirname(os.__file__), os.O_RDONLY)
    fcntl.fcntl(folder, 1026, 2)
    return "escaped"
