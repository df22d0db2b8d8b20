"""Connects to this machine by TCP.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.create_connection(("127.0.0.1", 22), 0.2)
    return "escaped"
