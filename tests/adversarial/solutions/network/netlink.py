"""Speaks to the kernel's network configuration.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)
    return "escaped"
