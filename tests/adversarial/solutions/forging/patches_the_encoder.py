"""Replaces the encoder of the code that serves it.

safe = "Whatever is sent is data of a closed set of kinds."
verdicts = ["wrong_answer"]
"""

import sys


def attack(hints):
    codec = sys.modules["_harness_guest.codec"]
    codec.Encoder._node = lambda self, value, depth: {"h": [0, "str"]}
    return "x"
