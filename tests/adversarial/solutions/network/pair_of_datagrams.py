"""Makes a pair of datagram sockets, one of which could send to a path.

safe = "No socket but a pair can be made."
exempt = ["process"]
"""

import socket


def attack(hints):
    socket.socketpair(type=socket.SOCK_DGRAM)
    return "escaped"
