"""Counts in a module how many cases it has seen.

safe = "Each case starts from nothing."
verdicts = ["wrong_answer"]
"""

import random

COUNT = []


def attack(hints):
    COUNT.append(random.random())
    return "escaped" if len(COUNT) > 1 else None
