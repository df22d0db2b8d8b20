"""Types a command into the terminal.

safe = "The call is refused."
exempt = ["process"]
"""

import fcntl
import termios


def attack(hints):
    fcntl.ioctl(0, termios.TIOCSTI, b"x")
    return "escaped"
