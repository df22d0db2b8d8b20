"""Lets two threads wait for each other.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""

import threading


def attack(hints):
    first = threading.Event()
    threading.Thread(target=first.wait).start()
    first.wait()
