"""Opens the terminal of whoever runs the judge.

safe = "The file cannot be opened."
exempt = ["process"]
"""

import os


def attack(hints):
    os.open("/dev/tty", os.O_RDWR)
    return "escaped"
