"""Waits for somebody to type.

safe = "There is nothing to read."
"""


def attack(hints):
    return input()
