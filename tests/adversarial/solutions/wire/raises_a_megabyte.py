"""Raises an exception with a megabyte of text.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.answer("raise", ["ValueError"], "x" * 1_000_000, {}, "")
