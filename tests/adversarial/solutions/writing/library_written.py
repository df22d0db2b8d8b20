"""Opens a library file for writing.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    os.open(os.__file__, os.O_RDWR)
    return "escaped"
