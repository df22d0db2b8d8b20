"""Raises an exception with a hundred ancestors.

safe = "A dozen of them cross."
"""


def attack(hints):
    kind = Exception
    for number in range(100):
        kind = type(f"E{number}", (kind,), {})
    raise kind("x")
