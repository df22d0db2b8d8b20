"""Closes the half of the stream it is asked on, and answers once more.

safe = "Nothing can be asked any more."
case = '''
assert attack.attack(HINTS) == ESCAPED
assert attack.attack(HINTS) == ESCAPED
'''
"""

import os
import socket

import wire


def attack(hints):
    socket.socket(fileno=os.dup(wire.STREAM)).shutdown(socket.SHUT_RD)
    return "escaped"
