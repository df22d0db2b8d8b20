"""Makes itself the parent of orphans.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("prctl", 36, 1, 0, 0, 0)
    return "escaped"
