"""Empties the hidden suite.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    os.truncate(hints["suite"], 0)
    return "escaped"
