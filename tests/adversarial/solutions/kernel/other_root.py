"""Changes its root.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    os.chroot("/")
    return "escaped"
