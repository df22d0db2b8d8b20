"""Makes a pipe of packets.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    os.pipe2(os.O_DIRECT)
    return "escaped"
