"""Takes a lock twice.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""

import threading


def attack(hints):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
