"""Allocates small objects without an end.

safe = "The box's memory is limited."
verdicts = ["memory_limit", "runtime_error", "time_limit"]
"""


def attack(hints):
    kept = []
    while True:
        kept += [[] for _ in range(10_000)]
