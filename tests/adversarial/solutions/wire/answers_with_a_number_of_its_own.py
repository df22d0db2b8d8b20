"""Answers a request that was never made.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.send(wire.pack([1, 12345, "return", "escaped"]))
