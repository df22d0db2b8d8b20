"""Sends half a header and is silent.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""

import time

import wire


def attack(hints):
    wire.send(b"\x00\x00")
    time.sleep(30)
