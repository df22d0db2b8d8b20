"""Lifts the recursion limit and recurses.

safe = "It ends in its own process."
verdicts = ["runtime_error", "memory_limit", "time_limit"]
"""

import sys


def attack(hints):
    sys.setrecursionlimit(10**9)
    return [attack(hints)]
