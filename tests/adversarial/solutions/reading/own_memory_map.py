"""Reads its own memory map for addresses and paths.

safe = "The file cannot be opened."
exempt = ["process"]
"""


def attack(hints):
    open("/proc/self/maps").read()
    return "escaped"
