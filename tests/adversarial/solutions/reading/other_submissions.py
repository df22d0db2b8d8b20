"""Looks for another box's process and reads it.

safe = "None can be read."
exempt = ["process"]
"""

import os


def attack(hints):
    for pid in range(2, 200):
        if pid != os.getpid():
            try:
                open(f"/proc/{pid}/mem", "rb").close()
            except OSError:
                continue
            break
    else:
        raise LookupError("none can be read")
    return "escaped"
