"""Lists the folder of the hidden suite.

safe = "The file cannot be opened."
exempt = ["process"]
"""

import os


def attack(hints):
    os.listdir(hints["folder"])
    return "escaped"
