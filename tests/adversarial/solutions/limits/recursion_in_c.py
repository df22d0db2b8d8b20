"""Recurses in the C code of repr and of the garbage collector.

safe = "It ends in its own process."
verdicts = ["runtime_error", "memory_limit", "time_limit"]
"""

import sys


def attack(hints):
    sys.setrecursionlimit(10**6)
    deep = []
    for _ in range(10**6):
        deep = [deep]
    return repr(deep)
