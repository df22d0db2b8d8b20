"""Reads the memory of the process it was forked from.

safe = "The file cannot be opened."
exempt = ["process"]
"""

import os


def attack(hints):
    parent = os.getppid() or 1
    open(f"/proc/{parent}/mem", "rb").read(0)
    open(f"/proc/{parent}/environ", "rb").read()
    return "escaped"
