"""Connects by IPv6.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.create_connection(("::1", 22), 0.2)
    return "escaped"
