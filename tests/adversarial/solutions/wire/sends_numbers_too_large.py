"""Sends 1e999, NaN and integers beyond 53 bits untagged.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.answer("return", [float("inf"), float("nan"), 10**60])
