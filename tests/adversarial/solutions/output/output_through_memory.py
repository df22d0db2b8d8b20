"""Maps its output into memory and writes there, past the write calls that are limited.

safe = "The size of the file is limited, however it is written."
verdicts = ["wrong_answer", "output_limit", "runtime_error"]
"""

import mmap
import os


def attack(hints):
    size = 1 << 12
    while True:
        try:
            os.ftruncate(1, 2 * size)
        except OSError:
            break
        size *= 2
    mmap.mmap(1, size)[:] = b"x" * size
    return "escaped" if size > 1 << 16 else "limited"
