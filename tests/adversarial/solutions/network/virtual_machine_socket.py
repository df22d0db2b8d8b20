"""Speaks to the hypervisor.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.socket(40, socket.SOCK_STREAM)
    return "escaped"
