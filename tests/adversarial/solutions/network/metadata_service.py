"""Asks the cloud's metadata service.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.create_connection(("169.254.169.254", 80), 0.2)
    return "escaped"
