"""Switches address randomisation off for what it starts.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("personality", 0x0040000)
    return "escaped"
