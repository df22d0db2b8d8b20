"""Reads the judge's environment.

safe = "The file cannot be opened."
exempt = ["process"]
"""


def attack(hints):
    open(f"/proc/{hints['judge']}/environ", "rb").read()
    return "escaped"
