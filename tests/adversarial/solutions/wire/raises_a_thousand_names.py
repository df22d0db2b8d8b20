"""Raises an exception of a thousand classes.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.answer("raise", ["E"] * 1000, "", {}, "")
