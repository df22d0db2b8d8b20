"""Asks the kernel who holds the other end of its stream.

safe = "The call is refused."
exempt = ["process"]
"""

import os
import socket


def attack(hints):
    stream = socket.socket(fileno=os.dup(4))
    stream.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return "escaped"
