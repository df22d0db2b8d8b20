"""Fills socket pairs until it cannot.

safe = "They are limited in the box."
verdicts = ["runtime_error", "time_limit"]
"""

import contextlib
import socket


def attack(hints):
    kept = []
    while True:
        left, right = socket.socketpair()
        kept += [left, right]
        left.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                left.send(bytes(65_536))
