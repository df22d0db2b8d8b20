"""Walks the frames below it for the judge's secrets.

safe = "They end in the box's own first one."
words = "'NoneType' object has no attribute 'f_locals'"
"""

import sys


def attack(hints):
    frame = sys._getframe()
    while not any("SECRET" in str(key) for key in frame.f_locals | frame.f_globals):
        frame = frame.f_back
    return "escaped"
