"""Raises what is no exception.

safe = "It is a TypeError, as in Python."
words = "must derive from BaseException"
"""


def attack(hints):
    raise 5
