"""Writes to the kernel's settings.

safe = "Nothing can be created or changed."
exempt = ["process"]
"""


def attack(hints):
    open("/proc/sys/kernel/core_pattern", "w").close()
    return "escaped"
