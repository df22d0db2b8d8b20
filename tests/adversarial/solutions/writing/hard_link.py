"""Links a file it can read to a place of its own.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    os.link(os.__file__, "/tmp/harness-escape")
    return "escaped"
