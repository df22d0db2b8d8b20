"""Spins in twenty threads and answers never.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""

import threading


def spin():
    while True:
        pass


def attack(hints):
    for _ in range(20):
        threading.Thread(target=spin, daemon=True).start()
    spin()
