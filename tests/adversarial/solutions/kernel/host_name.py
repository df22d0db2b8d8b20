"""Renames the machine.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("sethostname", b"escape", 6)
    return "escaped"
