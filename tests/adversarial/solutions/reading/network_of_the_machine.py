"""Reads the machine's connections.

safe = "The file cannot be opened."
exempt = ["process"]
"""


def attack(hints):
    open("/proc/net/tcp").read()
    return "escaped"
