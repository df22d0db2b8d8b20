"""Announces a frame of no bytes, a thousand times.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.send(bytes(4000))
