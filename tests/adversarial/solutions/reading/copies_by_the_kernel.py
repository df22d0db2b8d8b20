"""Has the kernel copy the suite into its output.

safe = "The file cannot be opened."
exempt = ["process"]
"""

import os


def attack(hints):
    os.sendfile(1, os.open(hints["suite"], os.O_RDONLY), 0, 100)
    return "escaped"
