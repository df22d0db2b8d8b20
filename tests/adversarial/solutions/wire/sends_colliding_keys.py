"""Sends a set of numbers with one hash.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error", "time_limit"]
"""

import wire


def attack(hints):
    wire.answer("return", {"S": [{"i": hex(k * (2**61 - 1))} for k in range(1, 90_000)]})
