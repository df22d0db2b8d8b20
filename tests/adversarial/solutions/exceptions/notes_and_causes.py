"""Raises an exception with notes, a cause and a context that end the process when they are printed.

safe = "None of them crosses."
"""

import os


class Deadly(Exception):
    def __str__(self):
        os._exit(0)


def attack(hints):
    try:
        raise Deadly
    except Deadly as context:
        error = ValueError("x")
        error.__notes__ = [context, "a note", 1]
        error.__cause__ = SystemExit(context)
        error.__suppress_context__ = False
        raise error from context
