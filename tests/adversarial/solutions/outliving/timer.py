"""Leaves timers running.

safe = "Whatever it started ends with the box."
verdicts = ["wrong_answer"]
"""

import signal
import threading


def spin():
    while True:
        pass


def attack(hints):
    signal.setitimer(signal.ITIMER_REAL, 1000)
    threading.Timer(1000, spin).start()
