"""Creates a file without a name.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    os.open("/tmp", os.O_TMPFILE | os.O_RDWR)
    return "escaped"
