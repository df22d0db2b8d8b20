"""Sends a frame of a million empty lists.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.answer("return", [[]] * 1_000_000)
