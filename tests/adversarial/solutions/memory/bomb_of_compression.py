"""Unpacks zeros that were packed a thousandfold.

safe = "The box's memory is limited."
verdicts = ["memory_limit", "runtime_error", "time_limit"]
"""

import zlib


def attack(hints):
    packed = zlib.compress(bytes(100_000_000), 9)
    kept = []
    while True:
        kept.append(zlib.decompress(packed))
