"""Opens and fills pipes until it cannot.

safe = "They are limited in the box."
verdicts = ["runtime_error", "time_limit"]
"""

import os


def attack(hints):
    while True:
        os.set_blocking(end := os.pipe()[1], False)
        os.write(end, bytes(65_536))
