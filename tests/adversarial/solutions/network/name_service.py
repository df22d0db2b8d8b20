"""Resolves a name.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.getaddrinfo("localhost.example", 80)
    return "escaped"
