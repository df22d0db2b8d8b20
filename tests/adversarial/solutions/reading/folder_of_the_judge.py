"""Follows the judge's root and working folder.

safe = "The file cannot be opened."
exempt = ["process"]
"""

import os


def attack(hints):
    os.listdir(f"/proc/{hints['judge']}/root")
    return "escaped"
