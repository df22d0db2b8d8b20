"""Forks twice and starts a session of its own.

safe = "Whatever it started ends with the box."
verdicts = ["runtime_error", "wrong_answer"]
"""

import os


def spin():
    while True:
        pass


def attack(hints):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            spin()
        os._exit(0)
