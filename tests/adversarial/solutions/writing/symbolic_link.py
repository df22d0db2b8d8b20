"""Creates a link for the judge to follow.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    os.symlink("/etc/passwd", "/tmp/harness-escape")
    return "escaped"
