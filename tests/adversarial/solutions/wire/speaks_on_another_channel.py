"""Answers on a channel that nobody has opened.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    _, number = wire.request()
    wire.send(wire.pack([2, number, "return", 1]))
