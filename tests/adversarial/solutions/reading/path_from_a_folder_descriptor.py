"""Reaches the suite from the descriptor of a readable folder.

safe = "The file cannot be opened."
exempt = ["process"]
"""

import os


def attack(hints):
    folder = os.open(os.path.dirname(os.__file__), os.O_RDONLY)
    os.close(os.open("../" * 20 + hints["suite"][1:], os.O_RDONLY, dir_fd=folder))
    return "escaped"
