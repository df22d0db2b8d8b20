"""Makes a timer with a descriptor.

safe = "The call is refused."
exempt = ["process"]
"""

import kernel


def attack(hints):
    kernel.function("timerfd_create", 1, 0)
    return "escaped"
