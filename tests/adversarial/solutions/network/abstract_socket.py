"""Listens on an abstract name, for a later box to find.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("\0harness-escape")
    listener.listen()
    return "escaped"
