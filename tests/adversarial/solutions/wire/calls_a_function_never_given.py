"""Calls back a function number that was never handed out.

safe = "The protocol is broken: judge_error, never a pass."
verdicts = ["judge_error"]
"""

import wire


def attack(hints):
    wire.answer("callback", -1, 99, [], {})
