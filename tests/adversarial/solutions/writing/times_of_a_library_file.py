"""Sets the times of a library file, a note to the next box.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    os.utime(os.__file__, (1, 1))
    return "escaped"
