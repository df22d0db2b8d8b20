"""Clones into a user namespace, where it would be root.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("clone", 0x10000000 | 17)
    return "escaped"
