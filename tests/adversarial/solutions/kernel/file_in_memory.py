"""Makes a file in memory that no limit counts.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    os.memfd_create("escape")
    return "escaped"
