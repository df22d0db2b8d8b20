"""Restricts itself further, into a corner where cleanup fails.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("landlock_restrict_self", 1, 0)
    return "escaped"
