"""Raises builtin exceptions with arguments that break printing them.

safe = "They are made anew, or told in other words."
"""


def attack(hints):
    error = UnicodeDecodeError("a", b"b", 0, 1, "c")
    error.args = (1, 2, 3)
    error.start = -(10**9)
    raise error
