"""Prints what would repaint a terminal or break a report.

safe = "Output is kept raw, and escaped where it is shown."
verdicts = ["wrong_answer"]
"""

import os


def attack(hints):
    os.write(1, bytes(range(256)) + b"\x1b]0;owned\x07\x1b[2J</system-out>]]>" + b"\xed\xa0\x80")
