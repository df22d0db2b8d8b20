"""Sends one byte after another, each before anybody loses patience.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""

import time

import wire


def attack(hints):
    wire.send(b"\x00\x10\x00\x00")
    while True:
        wire.send(b"[")
        time.sleep(0.01)
