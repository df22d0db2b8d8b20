"""Replaces the clocks and sleep of its process.

safe = "The judge has its own."
verdicts = ["time_limit"]
"""

import time


def attack(hints):
    time.time = time.monotonic = time.perf_counter = lambda: 0.0
    time.sleep = lambda seconds: None
    while True:
        pass
