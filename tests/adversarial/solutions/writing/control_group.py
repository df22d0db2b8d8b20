"""Makes a control group of its own.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    os.mkdir("/sys/fs/cgroup/harness-escape")
    return "escaped"
