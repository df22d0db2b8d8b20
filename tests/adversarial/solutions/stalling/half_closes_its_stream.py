"""Closes the half of the stream it answers on, and lives on.

safe = "The judge sees its end."
"""

import os
import socket
import time

import wire


def attack(hints):
    socket.socket(fileno=os.dup(wire.STREAM)).shutdown(socket.SHUT_WR)
    time.sleep(60)
