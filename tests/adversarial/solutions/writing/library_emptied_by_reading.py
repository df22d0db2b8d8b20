"""Opens a library file for reading, and empties it thereby.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    os.open(os.__file__, os.O_RDONLY | os.O_TRUNC)
    return "escaped"
