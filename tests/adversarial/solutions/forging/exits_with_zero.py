"""Leaves by sys.exit(0), the exit code of success.

safe = "An exception like any other."
"""

import sys


def attack(hints):
    sys.exit(0)
