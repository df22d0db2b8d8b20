"""Opens the hidden suite, whose path it is told.

safe = "The file cannot be opened."
exempt = ["process"]
"""

import os  # noqa: F401


def attack(hints):
    open(hints["suite"]).read()
    return "escaped"
