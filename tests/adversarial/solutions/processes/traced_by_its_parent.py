"""Asks to be traced, so that signals stop it for good.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("ptrace", 0, 0, 0, 0)
    return "escaped"
