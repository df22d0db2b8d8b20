"""Sends a descriptor through a socket.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.send_fds(socket.socketpair()[0], [b"x"], [0])
    return "escaped"
