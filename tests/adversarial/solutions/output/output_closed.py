"""Closes its output and error.

safe = "The next box has its own."
verdicts = ["wrong_answer"]
"""

import os


def attack(hints):
    os.close(1)
    os.close(2)
