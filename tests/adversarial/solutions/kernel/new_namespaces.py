"""Enters a user namespace, where it would be root.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("unshare", 0x10000000)
    return "escaped"
