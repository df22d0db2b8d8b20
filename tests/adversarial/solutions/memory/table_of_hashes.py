"""Fills a dictionary without an end.

safe = "The box's memory is limited."
verdicts = ["memory_limit", "runtime_error", "time_limit"]
"""

import itertools


def attack(hints):
    table = {}
    for number in itertools.count():
        table[number] = str(number)
