"""Makes itself readable to debuggers.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("prctl", 4, 1, 0, 0, 0)
    return "escaped"
