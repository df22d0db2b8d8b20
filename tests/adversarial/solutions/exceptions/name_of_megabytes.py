"""Raises an exception whose class has a name of a megabyte.

safe = "It is cut."
verdicts = ["runtime_error", "time_limit"]
"""


def attack(hints):
    raise type("E" * 1_000_000, (Exception,), {})("x")
