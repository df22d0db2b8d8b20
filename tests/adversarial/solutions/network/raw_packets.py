"""Reads raw packets.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    return "escaped"
