"""Clears the signal that ends it with its parent.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("prctl", 1, 0, 0, 0, 0)
    return "escaped"
