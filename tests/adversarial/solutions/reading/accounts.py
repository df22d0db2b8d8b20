"""Reads the accounts of the machine.

safe = "The file cannot be opened."
exempt = ["process"]
"""


def attack(hints):
    open("/etc/passwd").read()
    return "escaped"
