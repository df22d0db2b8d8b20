"""Reaches the suite by dots from a folder that can be read.

safe = "The file cannot be opened."
exempt = ["process"]
"""

import os


def attack(hints):
    folder = os.path.dirname(os.__file__)
    os.close(os.open(folder + "/.." * 20 + hints["suite"], os.O_RDONLY))
    return "escaped"
