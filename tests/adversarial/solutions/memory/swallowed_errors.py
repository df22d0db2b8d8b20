"""Swallows every MemoryError and goes on.

safe = "The box's memory is limited."
verdicts = ["memory_limit", "runtime_error", "time_limit"]
"""


def attack(hints):
    kept = []
    while True:
        try:
            kept.append(bytearray(1_000_000))
        except MemoryError:
            kept.append(None)
