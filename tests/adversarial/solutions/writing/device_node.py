"""Creates a device file.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    os.mknod("/tmp/harness-escape", 0o020666, os.makedev(1, 1))
    return "escaped"
