"""Sends half a frame and is silent.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""

import time

import wire


def attack(hints):
    wire.send(b"\x00\x00\x10\x00[1,")
    time.sleep(30)
