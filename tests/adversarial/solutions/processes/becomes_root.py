"""Sets its user to root.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    os.setuid(0)
    return "escaped"
