"""Sets a filter program on a socket.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.socketpair()[0].setsockopt(socket.SOL_SOCKET, 26, bytes(16))
    return "escaped"
