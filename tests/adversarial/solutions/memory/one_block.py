"""Allocates more than there is at once.

safe = "The box's memory is limited."
verdicts = ["memory_limit", "runtime_error", "time_limit"]
"""


def attack(hints):
    return bytearray(1 << 40)
