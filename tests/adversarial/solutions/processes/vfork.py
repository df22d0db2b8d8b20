"""Forks by vfork.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("clone", 0x4000 | 0x100 | 17)
    return "escaped"
