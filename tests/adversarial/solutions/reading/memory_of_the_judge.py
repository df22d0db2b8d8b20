"""Reads the judge's memory.

safe = "The file cannot be opened."
exempt = ["process"]
"""


def attack(hints):
    open(f"/proc/{hints['judge']}/mem", "rb").read(0)
    open(f"/proc/{hints['judge']}/maps").read()
    return "escaped"
