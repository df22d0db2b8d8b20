"""Speaks to Docker's socket.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.socket(socket.AF_UNIX).connect("/run/docker.sock")
    return "escaped"
