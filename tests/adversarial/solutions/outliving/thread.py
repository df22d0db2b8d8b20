"""Leaves a thread behind.

safe = "Whatever it started ends with the box."
verdicts = ["wrong_answer"]
"""

import threading


def spin():
    while True:
        pass


def attack(hints):
    threading.Thread(target=spin).start()
