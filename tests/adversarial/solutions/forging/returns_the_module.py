"""Returns the handle of the solution itself.

safe = "A handle equals only itself."
verdicts = ["wrong_answer"]
"""

import sys


def attack(hints):
    return sys.modules["solution"]
