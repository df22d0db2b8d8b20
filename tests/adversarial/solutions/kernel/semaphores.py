"""Makes a set of semaphores.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("semget", 0x4A53, 1, 0o1600)
    return "escaped"
