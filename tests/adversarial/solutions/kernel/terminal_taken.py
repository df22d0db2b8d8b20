"""Takes the terminal as its own.

safe = "The call is refused."
exempt = ["process"]
"""

import fcntl
import termios


def attack(hints):
    fcntl.ioctl(0, termios.TIOCSCTTY, 1)
    return "escaped"
