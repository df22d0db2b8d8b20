"""Sends a handle with a number out of bounds.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.answer("return", {"h": [10**9, "Thing"]})
