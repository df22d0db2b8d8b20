"""Raises a syntax error whose place cannot be printed.

safe = "It is made anew without it."
"""


def attack(hints):
    raise SyntaxError("bad", (hints["suite"], -5, [], {}))
