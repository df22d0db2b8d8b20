"""Clones a brother that its parent does not know.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.system_call("clone", 0x8000 | 17)
    return "escaped"
