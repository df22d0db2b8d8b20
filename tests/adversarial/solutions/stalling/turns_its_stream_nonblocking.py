"""Makes the stream non-blocking and answers with four megabytes.

safe = "Only its own side is changed."
verdicts = ["runtime_error", "wrong_answer", "time_limit"]
"""

import os


def attack(hints):
    os.set_blocking(4, False)
    return "x" * 3_500_000
