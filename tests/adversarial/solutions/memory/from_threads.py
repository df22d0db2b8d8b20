"""Allocates from many threads at once.

safe = "The box's memory is limited."
verdicts = ["memory_limit", "runtime_error", "time_limit"]
"""

import threading


def attack(hints):
    kept = []
    for _ in range(20):
        threading.Thread(target=lambda: kept.append(bytearray(50_000_000))).start()
    while True:
        kept.append(bytearray(1_000_000))
