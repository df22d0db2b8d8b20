"""Makes a shared memory segment.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("shmget", 0x4A53, 4096, 0o1600)
    return "escaped"
