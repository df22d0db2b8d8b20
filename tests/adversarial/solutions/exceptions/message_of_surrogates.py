"""Raises an exception whose text cannot be encoded.

safe = "It is shown as escapes."
"""


def attack(hints):
    raise ValueError("\ud800\udfff")
