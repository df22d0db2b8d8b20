"""Leaves a thread, and a function that waits for it at exit.

safe = "Whatever it started ends with the box."
verdicts = ["wrong_answer"]
"""

import atexit
import threading


def spin():
    while True:
        pass


def attack(hints):
    atexit.register(spin)
    threading.Thread(target=spin).start()
