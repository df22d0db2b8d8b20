"""Takes a lease on a library file.

safe = "The call is refused."
exempt = ["process"]
"""

import fcntl
import os


def attack(hints):
    with open(os.__file__) as file:
        fcntl.fcntl(file, 1024, 0)
    return "escaped"
