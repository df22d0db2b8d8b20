"""Removes the hidden suite.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""

import os


def attack(hints):
    os.unlink(hints["suite"])
    return "escaped"
