"""Writes to its user namespace's map.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""


def attack(hints):
    open("/proc/self/uid_map", "w").write("0 0 1")
    return "escaped"
