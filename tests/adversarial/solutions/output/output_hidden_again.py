"""Floods the output to its limit and empties it again.

safe = "It answers for itself alone; the case is judged by the answer."
verdicts = ["wrong_answer", "output_limit", "time_limit"]
"""

import contextlib
import os


def attack(hints):
    with contextlib.suppress(OSError):
        while True:
            os.write(1, bytes(1000))
    os.ftruncate(1, 0)
