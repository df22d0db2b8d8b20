"""Makes a Unix socket.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.socket(socket.AF_UNIX)
    return "escaped"
