"""Reads the command line of the judge's parent.

safe = "The file cannot be opened."
exempt = ["process"]
"""


def attack(hints):
    open(f"/proc/{hints['parent']}/cmdline").read()
    return "escaped"
