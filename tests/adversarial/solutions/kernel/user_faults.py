"""Handles its own page faults, to stop the kernel in a copy.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("userfaultfd", 1)
    return "escaped"
