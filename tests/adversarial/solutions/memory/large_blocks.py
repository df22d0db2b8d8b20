"""Allocates large blocks without an end.

safe = "The box's memory is limited."
verdicts = ["memory_limit", "runtime_error", "time_limit"]
"""


def attack(hints):
    kept = []
    while True:
        kept.append(bytearray(10_000_000))
