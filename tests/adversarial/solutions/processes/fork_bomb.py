"""Forks without an end.

safe = "The call is refused."
exempt = ["process"]
"""

import os


def attack(hints):
    while True:
        os.fork()
    return "escaped"
