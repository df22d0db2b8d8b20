"""Sets the clock.

safe = "The call is refused."
exempt = ["process"]
"""

import time


def attack(hints):
    time.clock_settime(time.CLOCK_REALTIME, 0)
    return "escaped"
