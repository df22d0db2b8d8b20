"""Lets the dynamic loader open the suite.

safe = "The file cannot be opened."
"""

import ctypes


def attack(hints):
    ctypes.CDLL(hints["suite"])
    return "escaped"
