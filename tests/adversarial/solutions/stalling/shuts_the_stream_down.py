"""Shuts the stream down in both directions and lives on.

safe = "The judge sees its end."
"""

import os
import socket
import time


def attack(hints):
    socket.socket(fileno=os.dup(4)).shutdown(socket.SHUT_RDWR)
    time.sleep(30)
