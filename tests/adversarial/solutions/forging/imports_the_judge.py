"""Imports pytest, the judge and the reference to answer by them.

safe = "None of them can be imported in a box."
words = "No module named"
"""

import importlib


def attack(hints):
    for name in ("harness.judge", "_pytest", "reference.solution"):
        importlib.import_module(name)
    return "escaped"
