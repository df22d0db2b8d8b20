"""Raises an exception whose class is named like a case outcome.

safe = "A name is only a name."
"""


def attack(hints):
    raise type("accepted", (Exception,), {"__module__": "\n1 passed"})("")
