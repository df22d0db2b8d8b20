"""Changes its priority.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    os.nice(-5)
    return "escaped"
