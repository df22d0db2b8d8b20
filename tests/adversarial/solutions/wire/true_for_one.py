"""Sends true as the channel and a float as the number.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.send(wire.pack([True, 1.0, "return", 1]))
