"""Makes a System V message queue.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("msgget", 0x4A53, 0o1600)
    return "escaped"
