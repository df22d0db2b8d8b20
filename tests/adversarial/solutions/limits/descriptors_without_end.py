"""Opens files until it cannot.

safe = "They are limited in the box."
verdicts = ["runtime_error", "time_limit"]
"""

import os


def attack(hints):
    kept = []
    while True:
        kept.append(os.open(os.__file__, os.O_RDONLY))
