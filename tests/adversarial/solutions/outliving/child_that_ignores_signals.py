"""Forks a child that ignores every signal it can.

safe = "Whatever it started ends with the box."
verdicts = ["runtime_error", "wrong_answer"]
"""

import os
import signal


def spin():
    while True:
        pass


def attack(hints):
    if os.fork() == 0:
        for number in signal.valid_signals() - {9, 19}:
            signal.signal(number, signal.SIG_IGN)
        spin()
