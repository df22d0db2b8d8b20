"""Makes a pipe of a megabyte, which no limit counts.

safe = "The call is refused."
exempt = ["process"]
"""

import fcntl
import os


def attack(hints):
    fcntl.fcntl(os.pipe()[0], 1031, 1 << 20)
    return "escaped"
