"""Leaves objects whose finalizers never end.

safe = "Whatever it started ends with the box."
verdicts = ["wrong_answer"]
"""

import sys


def spin():
    while True:
        pass


class Left:
    def __del__(self):
        spin()


def attack(hints):
    sys.modules["left"] = Left()
