"""Writes the judge's own event lines to every descriptor but the stream.

safe = "No descriptor leads to the parent."
verdicts = ["wrong_answer"]
"""

import contextlib
import json
import os

EVENT = json.dumps({"outcome": {"verdict": "accepted"}}).encode() + b"\n"


def attack(hints):
    for descriptor in (0, 1, 2, 3, *range(5, 64)):
        with contextlib.suppress(OSError):
            os.write(descriptor, EVENT)
