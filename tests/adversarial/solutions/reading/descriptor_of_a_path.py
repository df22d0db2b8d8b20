"""Opens the suite by O_PATH and then through /proc/self/fd.

safe = "The file cannot be opened."
exempt = ["process"]
"""

import os


def attack(hints):
    found = os.open(hints["suite"], os.O_PATH)
    os.read(os.open(f"/proc/self/fd/{found}", os.O_RDONLY), 10)
    return "escaped"
