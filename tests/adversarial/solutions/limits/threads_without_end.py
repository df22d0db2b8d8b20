"""Starts threads until it cannot.

safe = "They are limited in the box."
verdicts = ["runtime_error", "memory_limit", "time_limit"]
"""

import threading


def attack(hints):
    while True:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
