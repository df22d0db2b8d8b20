"""Maps shared memory, which some limits do not count.

safe = "The box's memory is limited."
verdicts = ["memory_limit", "runtime_error", "time_limit"]
"""

import mmap


def attack(hints):
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 50_000_000))
        kept[-1].write(bytes(50_000_000))
