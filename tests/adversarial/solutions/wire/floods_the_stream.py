"""Pours frames without an end.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    flood = wire.pack([1, 2, "return", "x" * 1000]) * 100
    while True:
        wire.send(flood)
