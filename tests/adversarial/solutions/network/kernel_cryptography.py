"""Uses the kernel's cryptography, known for its bugs.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)
    return "escaped"
