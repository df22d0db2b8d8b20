"""Sends to a path through half of a pair.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.socketpair()[0].sendto(b"x", "/run/docker.sock")
    return "escaped"
