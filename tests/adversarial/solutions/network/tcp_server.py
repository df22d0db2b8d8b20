"""Listens on a TCP port.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.create_server(("127.0.0.1", 0))
    return "escaped"
