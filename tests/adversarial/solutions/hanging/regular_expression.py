"""Backtracks in a regular expression, in C code.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""

import re


def attack(hints):
    re.match(r"(a+)+$", "a" * 40 + "b")
