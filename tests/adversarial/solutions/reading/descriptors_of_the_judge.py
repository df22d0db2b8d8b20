"""Lists and opens the judge's descriptors.

safe = "The file cannot be opened."
exempt = ["process"]
"""

import os


def attack(hints):
    for number in os.listdir(f"/proc/{hints['judge']}/fd"):
        os.readlink(f"/proc/{hints['judge']}/fd/{number}")
    return "escaped"
