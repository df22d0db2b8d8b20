"""Locks memory.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("mlock", 4096, 4096)
    return "escaped"
